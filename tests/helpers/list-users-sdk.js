#!/usr/bin/env node
/*
 * list-users-sdk.js MODULES SECONDS: prints the names of the pool's users as a JSON list, twice in
 * one client of the JavaScript SDK, which lies in MODULES, with SECONDS in between.  Keys are found
 * by the SDK's own chain.
 */
"use strict";
const [modules, wait] = process.argv.slice(2);
const sdk = require(`${modules}/@aws-sdk/client-cognito-identity-provider`);

async function show(client) {
	const pages = sdk.paginateListUsers({ client }, { UserPoolId: process.env.COGNITO_USER_POOL_ID });
	const names = [];
	for await (const page of pages)
		names.push(...page.Users.map((user) => user.Username));
	console.log(JSON.stringify(names));
}

async function main() {
	const client = new sdk.CognitoIdentityProviderClient({});
	await show(client);
	await new Promise((resolve) => setTimeout(resolve, Number(wait) * 1000));
	await show(client);
}

main().catch((error) => {
	console.error(`${error.name}: ${error.message}`);
	process.exit(1);
});
