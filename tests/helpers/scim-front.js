/*
 * scim-front.js: what stands before scimmy in scim-server.js: faults, throttling, the log; limits
 * of Bulk and operations that fail there; filters by the RFC's rules for letters and escapes.
 */
"use strict";
const fs = require("fs");
const { membershipChanges } = require("./scim-schema.js");

const BULK_ID_PATH = /\/bulkId:/;
const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";

function errorBody(status, scimType, detail) {
	return { schemas: [ERROR], status: String(status), ...(scimType ? { scimType } : {}),
		detail };
}

function scimError(res, status, scimType, detail) {
	res.status(status).set("Content-Type", "application/scim+json");
	res.send(JSON.stringify(errorBody(status, scimType, detail)));
}

// A generator of numbers from 0 to 1: the same for the same seed.
function random(seed) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

class Faults {
	constructor(o) {
		this.options = o;
		o.random = random(o.randomSeed);
		this.requests = 0;
		this.second = 0;
		this.inSecond = 0;
		this.file = o.log ? fs.openSync(o.log, "a") : -1;
		this.kill = () => {};
	}

	// The line is written before the answer leaves: whoever has the answer finds the line.
	log(req, res, next) {
		const url = req.url.replace(/^\/admin\/v1/, "");
		const end = res.end;
		res.logged = false;
		res.line = (status) => {
			if (res.logged || this.file < 0)
				return;
			const bytes = req.headers["content-length"] ?? 0;
			const operations = url === "/Bulk" ? req.body?.Operations?.length ?? 0 : 0;
			res.logged = true;
			fs.writeSync(this.file, `${req.method} ${url} ${status} ${bytes} ${operations}\n`);
			if (this.options.bodies && req.method !== "GET")
				fs.appendFileSync(this.options.bodies, `${JSON.stringify(
					{ method: req.method, path: url, body: req.body })}\n`);
		};
		res.end = (...rest) => {
			if (res.lost) {
				res.line("cut");
				if (this.options.random() < 0.5 && rest[0])
					res.write(rest[0].slice(0, rest[0].length / 2),
						() => req.socket.destroy());
				else
					req.socket.destroy();
				return res;
			}
			res.line(res.statusCode);
			return end.apply(res, rest);
		};
		next();
	}

	throttled(res) {
		const now = Date.now();
		if (now - this.second >= 1000) {
			this.second = now;
			this.inSecond = 0;
		}
		if (++this.inSecond <= this.options.rate)
			return false;
		if (this.options.retryAfter === "yes")
			res.set("Retry-After", "1");
		else if (this.options.retryAfter === "date")
			res.set("Retry-After", new Date(now + 1999).toUTCString());
		scimError(res, 429, undefined, "canary of the throttle");
		return true;
	}

	strike(req, res, next) {
		const o = this.options;
		this.requests++;
		if (this.requests === o.killAfter)
			this.kill();
		if (this.requests === o.cutAfter || this.requests === o.cutAt)
			res.lost = true;
		if (this.requests === o.cutAt)
			req.once("end", () => req.socket.destroy());
		if (this.throttled(res))
			return;
		if (o.random() < o.fail) {
			const kind = o.random();
			if (kind < 0.34) {
				scimError(res, 503, undefined, "canary of the service");
				return;
			}
			if (kind < 0.67) {
				res.line("cut");
				req.socket.destroy();
				return;
			}
			res.lost = true;
		}
		setTimeout(next, o.slow);
	}
}

// Bulk: its limits; operations that must fail are made such that scimmy fails them, and those that
// depend on them, and get their results in the end.
function limitBulk(req, res, next, { o, checker, SCIMMY }) {
	const operations = req.body?.Operations;
	if (Number(req.headers["content-length"]) > o.maxPayload)
		return scimError(res, 413, undefined, `more than maxPayloadSize (${o.maxPayload})`);
	if (!o.bulk || !Array.isArray(operations) || operations.length > o.maxOperations)
		return next();
	req.forced = new Map();
	operations.forEach((operation, i) => {
		const { method = "", path = "", data } = operation;
		const force = (status, type, detail) => {
			const named = operation.bulkId ? { bulkId: operation.bulkId } : {};
			req.forced.set(i, { method, ...named, status: String(status),
				response: errorBody(status, type, detail) });
		};
		const wrong = o.strict ? checker.check(method, path, data) : null;
		if (wrong)
			force(400, "invalidValue", `${wrong.path}: ${wrong.text}`);
		else if (membershipChanges(data ?? {}) > o.membersMax)
			force(400, "invalidValue", "members: too many");
		else if (o.random() < o.bulkFail)
			force(o.random() < 0.5 ? 500 : 429, undefined, "canary of the operation");
		if (!req.forced.has(i))
			return;
		if (method === "POST")
			operations[i] = { ...operation, data: {} };
		else
			operations[i] = { ...operation, path: `/${path.split("/")[1]}/none` };
	});
	if (operations.some((operation) => BULK_ID_PATH.test(operation.path)))
		return inParts(req, res, SCIMMY).catch(next);
	return next();
}

// scimmy knows references in data, not in paths: a part ends before such an operation, and in the
// next ones stand identifiers.
async function inParts(req, res, SCIMMY) {
	const rest = [...req.body.Operations];
	const ids = new Map();
	const results = [];
	const known = (text) => text.replace(/bulkId:([^"/]+)/g, (all, name) => ids.get(name) ?? all);
	while (rest.length > 0) {
		const next = rest.findIndex(({ path }, i) => i > 0 && BULK_ID_PATH.test(path));
		const part = rest.splice(0, next < 0 ? rest.length : next)
			.map((operation) => JSON.parse(known(JSON.stringify(operation))));
		const request = new SCIMMY.Messages.BulkRequest({ ...req.body, Operations: part });
		for (const result of (await request.apply(undefined, req.ctx)).Operations) {
			if (result.status === "201")
				ids.set(result.bulkId, result.location.split("/").pop());
			results.push(result);
		}
	}
	res.set("Content-Type", "application/scim+json");
	res.send(new SCIMMY.Messages.BulkResponse(results));
}

// attr op value, joined by and and or, as a function of a resource; null for anything else, which
// is scimmy's.  Case counts in identifiers only.
function parseFilter(filter, eqOnly) {
	const value = '("(?:[^"\\\\]|\\\\.)*"|true|false)';
	const term = new RegExp("^\\s*([\\w$.:-]+)\\s+" + `(?:(pr)|(eq|ne|co|sw|ew)\\s+${value})` +
		"(?:\\s+(and|or)\\s+|\\s*$)", "i");
	const any = [[]];
	let rest = filter;
	let match;
	for (;;) {
		match = term.exec(rest);
		if (!match)
			return null;
		const [whole, name, present, compared, text, joint] = match;
		const operator = (present ?? compared).toLowerCase();
		if (eqOnly && (operator !== "eq" || joint?.toLowerCase() === "or"))
			return null;
		any[any.length - 1].push(test(name, operator, text));
		rest = rest.slice(whole.length);
		if (joint === undefined)
			return (resource) => any.some((all) => all.every((f) => f(resource)));
		if (joint.toLowerCase() === "or")
			any.push([]);
	}
}

function test(name, operator, text) {
	const exact = /(^|\.)(id|externalId)$|^(members|groups)\b/i.test(name);
	const plain = (value) => (exact || typeof value !== "string" ? value : value.toLowerCase());
	const wanted = text === undefined ? undefined : plain(JSON.parse(text));
	const match = name.match(/^(urn:.*:)?([^:]*)$/i);
	const steps = [...(match[1] ? [match[1].slice(0, -1)] : []), ...match[2].split(".")];
	const values = (resource) => steps.reduce((list, step) => list.flatMap((at) => {
		const key = Object.keys(Object(at))
			.find((k) => k.toLowerCase() === step.toLowerCase());
		return key === undefined ? [] : at[key];
	}), [resource]);
	const compare = {
		pr: () => true, eq: (v) => v === wanted, ne: (v) => v !== wanted,
		co: (v) => String(v).includes(wanted), sw: (v) => String(v).startsWith(wanted),
		ew: (v) => String(v).endsWith(wanted),
	}[operator];
	return (resource) => values(resource).some((value) => compare(plain(value)));
}

module.exports = { Faults, limitBulk, parseFilter, scimError };
