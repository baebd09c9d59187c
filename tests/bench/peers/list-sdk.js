#!/usr/bin/env node
/* list-sdk.js MODULES: every user of the pool, by the JavaScript SDK, which lies in MODULES. */
"use strict";
const sdk = require(`${process.argv[2]}/@aws-sdk/client-cognito-identity-provider`);

async function main() {
	const client = new sdk.CognitoIdentityProviderClient({});
	const pages = sdk.paginateListUsers({ client }, { UserPoolId: process.env.COGNITO_USER_POOL_ID });
	for await (const page of pages) {
		let text = "";
		for (const user of page.Users) {
			user.Attributes = Object.fromEntries(user.Attributes.map((a) => [a.Name, a.Value]));
			text += JSON.stringify(user) + "\n";
		}
		if (!process.stdout.write(text))
			await new Promise((resolve) => process.stdout.once("drain", resolve));
	}
}

main().catch((error) => {
	console.error(`${error.name}: ${error.message}`);
	process.exit(1);
});
