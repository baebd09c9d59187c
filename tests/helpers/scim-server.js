#!/usr/bin/env node
/*
 * scim-server.js [OPTION...] -- COMMAND...: runs COMMAND beside a SCIM 2.0 server on loopback,
 * scimmy (npm, declared in package.json), and with the variables that lead there: SCIM_URL,
 * SCIM_TOKEN_URL, SCIM_CLIENT_ID and SCIM_CLIENT_SECRET, or SCIM_TOKEN with --bearer.  Ends with
 * COMMAND's status.  Without a COMMAND it prints these variables as lines for a shell and runs
 * until it is killed.
 *
 * scim-server.js --one-by-one: a line of standard input is a directory and OPTION..., with tabs
 * between: such a server, whose variables and an empty line are the answer, until the next line,
 * which is empty, and so is the answer.  Each has a scimmy of its own; node starts once.
 *
 * Users, groups, Bulk, PATCH, filters and pages are scimmy's; what others do in front of theirs is
 * here: OAuth2, limits, throttling, faults, Oracle's and Amazon's peculiarities.  GET /_dump, which
 * wants no token, shows all resources.
 *
 *   --seed FILE           resources to begin with, NDJSON as push-scim reads it
 *   --dump FILE           all resources at the end, sorted; members are ids
 *   --log FILE            a line a request: METHOD PATH STATUS BYTES-OF-BODY OPERATIONS-IN-BULK;
 *                         the status is "cut" where the answer was lost
 *   --bodies FILE         every request that may change something, {"method","path","body"}
 *   --bearer              a token that lasts, in SCIM_TOKEN, instead of OAuth2
 *   --scope TEXT          what OAuth2 clients must ask for
 *   --token-seconds N     how long their tokens live (3600)
 *   --no-bulk, --no-patch, --no-config    without these (config: ServiceProviderConfig is 404)
 *   --max-operations N, --max-payload N   of a Bulk (100; 1048576)
 *   --page-max N          resources in a page (1000)
 *   --members-max N       members in one POST, PUT or PATCH of a group
 *   --members-on-request  members only with attributes=members or members[startIndex=1&count=10]
 *   --members-page N      and so many at most (10000)
 *   --strict              bodies are checked by the schemas (scim-schema.js)
 *   --extension URN=NAME,NAME   an extension of users
 *   --oci                 as Oracle: extensions, verified e-mail addresses, required types, a
 *                         recovery address made up, members on request, its scope; "_mail":true
 *                         in the dump is a user whom it would have sent a mail
 *   --aws                 as Amazon: no Bulk, 100 members a POST or PATCH, one value for each
 *                         attribute, names required, filters of eq and and, pages of 100 by
 *                         cursor (RFC 9865), no startIndex nor attributes, groups without their
 *                         members (who are the users with groups.value)
 *   --rate N              requests a second, else 429, with --retry-after yes, no or date (yes)
 *   --slow MS             each request takes so much longer
 *   --fail RATE           this share of requests fails: 503, or cut before or after it is
 *                         carried out
 *   --bulk-fail RATE      this share of the operations in a Bulk answers 500 or 429
 *   --random-seed N       of these two (1)
 *   --cut-after N         request N is carried out and its answer lost
 *   --cut-at N            request N loses its connection as it arrives and is carried out
 *   --slow-change MS      between reading a group for a PATCH and writing it; of two at once the
 *                         later one undoes the other
 *   --kill-after N        COMMAND is killed (SIGKILL) as request N arrives, which is carried out
 */
"use strict";
const { spawn } = require("child_process");
const crypto = require("crypto");
const fs = require("fs");
const http = require("http");
const os = require("os");
const path = require("path");
const readline = require("readline");
const { parseArgs } = require("util");
const { createRequire } = require("module");
const schema = require("./scim-schema.js");
const { Store } = require("./scim-store.js");
const { Faults, limitBulk, parseFilter, scimError } = require("./scim-front.js");

const load = createRequire(path.join(__dirname, "../../build/npm/"));
const express = load("express");
let SCIMMY, SCIMMYRouters;

// What a server has declared there is of no other's business.
function loadScimmy() {
	for (const name of Object.keys(require.cache).filter((path) => /\/scimmy/.test(path)))
		delete require.cache[name];
	SCIMMY = load("scimmy");
	({ SCIMMYRouters } = load("scimmy-routers"));
}

const BASE = "/admin/v1";
const CLIENT = { id: "scim-client", secret: "ScimCanary0Secret1OfTheClient2Abcdef3456" };
const ORACLE_SCOPE = "urn:opc:idm:__myscopes__";
const BODY_MAX = "64mb";

function options(args) {
	const flags = ["bearer", "no-bulk", "no-patch", "no-config", "members-on-request", "strict",
		"oci", "aws"];
	const values = ["seed", "dump", "log", "bodies", "scope", "token-seconds", "max-operations",
		"max-payload", "page-max", "members-max", "members-page", "extension", "rate",
		"retry-after", "slow", "fail", "bulk-fail", "random-seed", "cut-after", "cut-at",
		"slow-change", "kill-after"];
	const config = {};
	for (const name of flags)
		config[name] = { type: "boolean", default: false };
	for (const name of values)
		config[name] = { type: "string" };
	const { values: v, positionals } = parseArgs({ args, options: config,
		allowPositionals: true });
	const number = (name, otherwise) => (v[name] === undefined ? otherwise : Number(v[name]));
	return {
		...v,
		command: positionals,
		bulk: !v["no-bulk"] && !v.aws,
		patch: !v["no-patch"],
		scope: v.scope ?? (v.oci ? ORACLE_SCOPE : undefined),
		tokenSeconds: number("token-seconds", 3600),
		maxOperations: number("max-operations", 100),
		maxPayload: number("max-payload", 1048576),
		pageMax: number("page-max", v.aws ? 100 : 1000),
		membersMax: number("members-max", v.aws ? 100 : Infinity),
		onRequest: v["members-on-request"] || v.oci,
		membersPage: number("members-page", 10000),
		rate: number("rate", Infinity),
		retryAfter: v["retry-after"] ?? "yes",
		slow: number("slow", 0),
		fail: number("fail", 0),
		bulkFail: number("bulk-fail", 0),
		randomSeed: number("random-seed", 1),
		cutAfter: number("cut-after", 0),
		cutAt: number("cut-at", 0),
		slowChange: number("slow-change", 0),
		killAfter: number("kill-after", 0),
	};
}

class Tokens {
	constructor(o) {
		this.options = o;
		this.ends = new Map();
	}

	make(seconds) {
		const token = crypto.randomBytes(32).toString("hex");
		this.ends.set(token, Date.now() + seconds * 1000);
		return token;
	}

	good(header = "") {
		return header.startsWith("Bearer ") && this.ends.get(header.slice(7)) > Date.now();
	}

	// The token endpoint.  Identifier and secret are form-encoded, or as they are.
	give(req, res) {
		const [, basic = ""] = /^Basic (.*)$/.exec(req.headers.authorization ?? "") ?? [];
		const [id, secret] = Buffer.from(basic, "base64").toString().split(":")
			.map(decodeURIComponent);
		const refuse = (status, error) => res.status(status).json({ error,
			error_description: "canary of the token endpoint" });
		res.set("Cache-Control", "no-store");
		if (id !== CLIENT.id || secret !== CLIENT.secret)
			return refuse(401, "invalid_client");
		if (req.body.grant_type !== "client_credentials")
			return refuse(400, "unsupported_grant_type");
		if (this.options.scope !== undefined && req.body.scope !== this.options.scope)
			return refuse(400, "invalid_scope");
		return res.json({ access_token: this.make(this.options.tokenSeconds),
			token_type: "Bearer", expires_in: this.options.tokenSeconds });
	}
}

// Takes members and groups, which scimmy does not make here, out of the list of attributes.
function readAttributes(req, o) {
	const take = (text = "") => {
		const names = text.match(/(?:[^,[]|\[[^\]]*\])+/g) ?? [];
		const ours = names.filter((name) => /^(members|groups)\b/i.test(name));
		const others = names.filter((name) => !ours.includes(name)).join(",");
		return { all: names, ours, others };
	};
	const wanted = take(req.query.attributes);
	const unwanted = take(req.query.excludedAttributes);
	const shows = (name, otherwise) => (wanted.all.length > 0
		? wanted.ours.some((text) => text.toLowerCase().startsWith(name))
		: otherwise && !unwanted.ours.some((text) => text.toLowerCase() === name));
	const [, start = 1, count = Infinity] =
		/\[startIndex=(\d+)&count=(\d+)\]/i.exec(wanted.ours.join(",")) ?? [];
	req.shows = {
		members: shows("members", !o.onRequest),
		groups: shows("groups", !o.oci && !o.aws),
		window: { startIndex: Number(start),
			count: Math.min(Number(count), o.onRequest ? o.membersPage : Infinity) },
	};
	if (wanted.all.length > 0)
		req.query.attributes = wanted.others || "id";
	delete req.query.excludedAttributes;
	if (unwanted.others !== "")
		req.query.excludedAttributes = unwanted.others;
}

// Amazon's lists: by cursor, in small pages, and that is all there is.
function readCursor(req, res, o) {
	const { startIndex, attributes, excludedAttributes, cursor } = req.query;
	if ([startIndex, attributes, excludedAttributes].some((value) => value !== undefined)) {
		scimError(res, 400, "invalidValue", "startIndex, attributes: not here");
		return false;
	}
	if (cursor !== undefined) {
		req.cursor = cursor;
		req.query.startIndex = Buffer.from(cursor, "base64url").toString() || "1";
		delete req.query.cursor;
	}
	req.query.count = String(Math.min(Number(req.query.count ?? o.pageMax), o.pageMax));
	return true;
}

function turnPage(req, body) {
	const next = body.startIndex + body.itemsPerPage;
	if (next <= body.totalResults)
		body.nextCursor = Buffer.from(String(next)).toString("base64url");
	delete body.totalResults;
	delete body.startIndex;
}

// What an answer of scimmy's is made into.
function complete(req, body, store, o) {
	const kind = req.kind;
	const resource = (r) => {
		if (kind === "Groups" && store.Groups.has(r.id) && req.shows.members)
			r.members = o.aws ? [] : store.memberList(r.id, req.shows.window);
		if (kind === "Users" && req.shows.groups && store.groupsOf.get(r.id)?.size > 0)
			r.groups = store.groupList(r.id);
	};
	if (Array.isArray(body.Resources) && req.ctx.startIndex !== undefined) {
		body.Resources.forEach(resource);
		body.startIndex = req.ctx.startIndex;
		body.itemsPerPage = body.Resources.length;
		if (req.cursor !== undefined)
			turnPage(req, body);
	} else if (kind === "Users" || kind === "Groups") {
		resource(body);
	} else if (kind === "Bulk") {
		req.forced?.forEach((result, i) => {
			if (body.Operations?.[i])
				Object.assign(body.Operations[i], result);
		});
	}
	return body;
}

function prepare(o, store, checker) {
	return (req, res, next) => {
		const bad = ({ path: at, text }) => scimError(res, 400, "invalidValue", `${at}: ${text}`);
		const send = res.send.bind(res);
		res.send = (body) => {
			res.send = send;
			return send(Object(body) === body && !Buffer.isBuffer(body)
				? complete(req, JSON.parse(JSON.stringify(body)), store, o) : body);
		};
		req.kind = req.path.split("/")[1];	// a router below changes req.path
		req.ctx = { reading: req.method === "GET" };
		if (o.aws && req.ctx.reading && ["Users", "Groups"].includes(req.kind) &&
			!readCursor(req, res, o))
			return undefined;
		readAttributes(req, o);
		if (req.query.filter !== undefined) {
			req.ctx.filter = parseFilter(req.query.filter, o.aws);
			if (req.ctx.filter)
				delete req.query.filter;
			else if (o.aws)
				return scimError(res, 400, "invalidFilter", "only eq and and");
		}
		if (req.path === "/ServiceProviderConfig" && o["no-config"])
			return scimError(res, 404, undefined, "no such endpoint");
		if (req.path === "/Bulk" && req.method === "POST")
			return limitBulk(req, res, next, { o, checker, SCIMMY });
		if (req.method === "PATCH" && !o.patch)
			return scimError(res, 501, undefined, "no PATCH here");
		if (["POST", "PUT", "PATCH"].includes(req.method) && o.strict) {
			if (!/^application\/scim\+json\b/.test(req.headers["content-type"]))
				return scimError(res, 415, undefined, "not application/scim+json");
			const wrong = checker.check(req.method, req.path, req.body);
			if (wrong)
				return bad(wrong);
		}
		if (schema.membershipChanges(req.body ?? {}) > o.membersMax)
			return bad({ path: "members", text: "too many" });
		return next();
	};
}

function application(o, store, faults) {
	const app = express();
	const tokens = new Tokens(o);
	app.disable("x-powered-by");
	app.disable("etag");
	app.get("/_dump", (req, res) => res.type("application/x-ndjson").send(store.dump()));
	app.use((req, res, next) => faults.log(req, res, next));
	app.post("/oauth2/v1/token", express.urlencoded({ extended: false }),
		(req, res) => tokens.give(req, res));
	const checker = new schema.Checker(SCIMMY, o);
	const router = new SCIMMYRouters({ type: "bearer", handler: () => "scim-client",
		context: (req) => req.ctx, baseUri: () => o.base.slice(0, -BASE.length) });
	const bulk = { supported: o.bulk, maxOperations: o.maxOperations,
		maxPayloadSize: o.maxPayload };
	SCIMMY.Config.set({ patch: o.patch, filter: { maxResults: o.pageMax }, bulk });
	app.use(BASE, (req, res, next) => faults.strike(req, res, next), (req, res, next) => {
		if (tokens.good(req.headers.authorization))
			return next();
		res.set("WWW-Authenticate", 'Bearer realm="scim", error="invalid_token"');
		return scimError(res, 401, undefined, "canary of the token's refusal");
	}, express.json({ type: () => true, limit: BODY_MAX }), prepare(o, store, checker), router);
	// Errors of the parsers.
	app.use((error, req, res, next) => {
		if (res.headersSent)
			return next(error);
		const type = error.status === 400 ? "invalidSyntax" : undefined;
		return scimError(res, error.status ?? 500, type, error.message);
	});
	return { app, tokens };
}

// ready has the server, its variables and what is to be done at its end.
function start(o, ready) {
	loadScimmy();
	if (o.oci)
		schema.addOracle(SCIMMY);
	SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser);
	if (o.extension)
		schema.addExtension(SCIMMY, o.extension);
	const store = new Store(SCIMMY, o);
	SCIMMY.Resources.declare(SCIMMY.Resources.User, store.handlers("Users"));
	SCIMMY.Resources.declare(SCIMMY.Resources.Group, store.handlers("Groups"));
	const faults = new Faults(o);
	const { app, tokens } = application(o, store, faults);
	const server = http.createServer(app);
	server.listen(0, "127.0.0.1", () => {
		const root = `http://127.0.0.1:${server.address().port}`;
		o.base = root + BASE;
		if (o.seed)
			store.seed(o.seed);
		const env = { SCIM_URL: o.base };
		if (o.bearer)
			env.SCIM_TOKEN = tokens.make(1e9);
		else
			Object.assign(env, { SCIM_TOKEN_URL: `${root}/oauth2/v1/token`,
				SCIM_CLIENT_ID: CLIENT.id, SCIM_CLIENT_SECRET: CLIENT.secret });
		ready({ env, faults, server, end: () => {
			if (o.dump)
				fs.writeFileSync(o.dump, store.dump());
		} });
	});
}

async function oneByOne() {
	let running = null;
	for await (const line of readline.createInterface({ input: process.stdin })) {
		running?.end();
		running?.server.closeAllConnections();
		running?.server.close();
		running = null;
		if (line !== "") {
			const [directory, ...args] = line.split("\t");
			process.chdir(directory);
			running = await new Promise((ready) => start(options(args), ready));
			for (const [name, value] of Object.entries(running.env))
				console.log(`${name}=${value}`);
		}
		console.log("");
	}
	process.exit(0);
}

function beside(o, { env, faults, end }) {
	const leave = (status) => {
		end();
		process.exit(status);
	};
	if (o.command.length === 0) {
		for (const [name, value] of Object.entries(env))
			console.log(`${name}=${value}`);
		for (const signal of ["SIGTERM", "SIGINT"])
			process.on(signal, () => leave(0));
		return;
	}
	const child = spawn(o.command[0], o.command.slice(1),
		{ stdio: "inherit", detached: true, env: { ...process.env, ...env } });
	faults.kill = () => process.kill(-child.pid, "SIGKILL");
	for (const signal of ["SIGTERM", "SIGINT"])
		process.on(signal, () => process.kill(-child.pid, signal));
	child.on("error", (error) => {
		console.error(`scim-server.js: ${error.message}`);
		leave(127);
	});
	child.on("exit", (status, signal) =>
		leave(status ?? 128 + os.constants.signals[signal]));
}

function main() {
	if (process.argv[2] === "--one-by-one") {
		oneByOne();
		return;
	}
	const o = options(process.argv.slice(2));
	start(o, (running) => beside(o, running));
}

main();
