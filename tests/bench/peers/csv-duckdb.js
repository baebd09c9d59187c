#!/usr/bin/env node
/* csv-duckdb.js MODULES FILE: the bench's four columns as CSV, by DuckDB, which lies in MODULES. */
"use strict";
const [modules, file] = process.argv.slice(2);
const { DuckDBInstance } = require(`${modules}/@duckdb/node-api`);

const columns = "{Username: 'VARCHAR', UserStatus: 'VARCHAR', Attributes: 'JSON'}";
const query = `COPY (
	SELECT Username, Attributes->>'sub' AS sub, Attributes->>'email' AS email, UserStatus
	FROM read_ndjson('${file}', columns = ${columns})) TO '/dev/stdout' (FORMAT csv, HEADER)`;

async function main() {
	const connection = await (await DuckDBInstance.create(":memory:")).connect();
	await connection.run(query);
}

main().catch((error) => {
	console.error(`${error.name}: ${error.message}`);
	process.exit(1);
});
