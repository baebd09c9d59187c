/*
 * scim-schema.js: what scim-server.js adds to scimmy's schemas, and the check of --strict.
 *
 * scimmy drops what it does not know without a word and takes two primaries.  check() does not: it
 * goes through a body by scimmy's own definitions of the attributes and returns null or
 * {path, text}.
 */
"use strict";

const USER_EXTENSION = "urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User";
const STATE_EXTENSION = "urn:ietf:params:scim:schemas:oracle:idcs:extension:userState:User";
const GROUP_EXTENSION = "urn:ietf:params:scim:schemas:oracle:idcs:extension:group:Group";
const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
// Where Oracle wants a type with each value.
const TYPED = ["emails", "phoneNumbers", "addresses", "photos", "ims"];
const COMMON = ["schemas", "id", "externalId", "meta"];

// Oracle's deviations from the core schemas.
function addOracle(SCIMMY) {
	const { Attribute, SchemaDefinition } = SCIMMY.Types;
	const user = SCIMMY.Schemas.User.definition;
	const emails = user.attribute("emails");
	emails.subAttributes.push(new Attribute("boolean", "verified"));
	user.attribute("emails.type").config.canonicalValues.push("recovery");
	SCIMMY.Resources.User.extend(new SchemaDefinition("OracleUser", USER_EXTENSION, "", [
		new Attribute("boolean", "isFederatedUser"),
		new Attribute("boolean", "bypassNotification", { returned: "never" }),
		new Attribute("string", "creationMechanism", { mutable: "readOnly" }),
	]));
	SCIMMY.Resources.User.extend(new SchemaDefinition("OracleUserState", STATE_EXTENSION, "", [
		new Attribute("complex", "locked", {}, [
			new Attribute("boolean", "on"),
			new Attribute("integer", "reason"),
			new Attribute("dateTime", "lockDate"),
		]),
	]));
	SCIMMY.Resources.Group.extend(new SchemaDefinition("OracleGroup", GROUP_EXTENSION, "", [
		new Attribute("string", "description"),
	]));
}

// An extension of users: "URN=name,name"; all of its attributes are strings.
function addExtension(SCIMMY, text) {
	const { Attribute, SchemaDefinition } = SCIMMY.Types;
	const [urn, names] = text.split("=");
	const extension = new SchemaDefinition("Custom", "urn:ietf:params:scim:schemas:x", "",
		names.split(",").map((name) => new Attribute("string", name)));
	extension.id = urn;	// scimmy insists on IETF's own beginning; others exist
	SCIMMY.Resources.User.extend(extension);
}

class Checker {
	constructor(SCIMMY, options) {
		this.SchemaDefinition = SCIMMY.Types.SchemaDefinition;
		this.definitions = {
			Users: SCIMMY.Schemas.User.definition,
			Groups: SCIMMY.Schemas.Group.definition,
		};
		this.options = options;
	}

	// The attributes of a definition or of a complex attribute, by name in small letters.
	known(parent) {
		const isSchema = (a) => a instanceof this.SchemaDefinition;
		const list = isSchema(parent) ? parent.attributes : parent.subAttributes;
		const name = (a) => (isSchema(a) ? a.id : a.name);
		return new Map(list.map((a) => [name(a).toLowerCase(), a]));
	}

	single(attribute, value, path) {
		const wrong = (text) => ({ path, text });
		const canonical = attribute.config.canonicalValues || [];
		switch (attribute.type) {
		case "complex":
			if (Object(value) !== value || Array.isArray(value))
				return wrong("not an object");
			return this.members(attribute, value, `${path}.`);
		case "boolean":
			return typeof value === "boolean" ? null : wrong("not a boolean");
		case "integer":
			return Number.isInteger(value) ? null : wrong("not an integer");
		default:
			if (typeof value !== "string")
				return wrong("not a string");
			if (value === "")
				return wrong("empty");
			if (canonical.length > 0 && !canonical.includes(value))
				return wrong("not one of the canonical values");
			return null;
		}
	}

	multi(attribute, values, path) {
		const { oci, aws } = this.options;
		if (!Array.isArray(values))
			return { path, text: "not a list" };
		if (values.filter((v) => v && v.primary === true).length > 1)
			return { path, text: "two primary values" };
		if (aws && TYPED.includes(attribute.name) && values.length > 1)
			return { path, text: "more than one value" };
		const seen = new Set();
		for (const [i, value] of values.entries()) {
			const at = `${path}[${i}]`;
			const wrong = this.single(attribute, value, at);
			if (wrong)
				return wrong;
			if (attribute.type !== "complex")
				continue;
			const needed = ["value"].filter((n) => this.known(attribute).has(n));
			if (TYPED.includes(attribute.name) && (oci || attribute.name === "emails"))
				needed.push("type");
			if (attribute.name === "members" && oci)
				needed.push("type");
			for (const name of needed) {
				if (!(name in value))
					return { path: `${at}.${name}`, text: "missing" };
			}
			if (seen.has(JSON.stringify(value)))
				return { path: at, text: "the same as another" };
			seen.add(JSON.stringify(value));
		}
		return null;
	}

	value(attribute, value, path) {
		if (attribute.config.mutable === false || attribute.config.mutable === "readOnly")
			return { path, text: "read-only" };
		return attribute.config.multiValued ? this.multi(attribute, value, path)
			: this.single(attribute, value, path);
	}

	members(parent, object, prefix) {
		const known = this.known(parent);
		for (const [name, value] of Object.entries(object)) {
			const attribute = known.get(name.toLowerCase());
			const path = prefix + name;
			let wrong = null;
			if (!attribute)
				wrong = { path, text: "unknown" };
			else if (attribute instanceof this.SchemaDefinition)
				wrong = Object(value) !== value ? { path, text: "not an object" }
					: this.members(attribute, value, `${path}:`);
			else
				wrong = this.value(attribute, value, path);
			if (wrong)
				return wrong;
		}
		return null;
	}

	// A whole resource, as POST and PUT have it; id: that of the path.
	resource(kind, body, id) {
		const definition = this.definitions[kind];
		if (!Array.isArray(body.schemas) || !body.schemas.includes(definition.id))
			return { path: "schemas", text: "the schema of the resource is missing" };
		const rest = { ...body };
		for (const name of COMMON)
			delete rest[name];
		if ("meta" in body || ("id" in body && body.id !== id))
			return { path: "meta" in body ? "meta" : "id", text: "read-only" };
		if (typeof (body.externalId ?? "x") !== "string" || body.externalId === "")
			return { path: "externalId", text: "not a string" };
		for (const name of Object.keys(rest)) {
			if (name.startsWith("urn:") && !body.schemas.includes(name))
				return { path: name, text: "not in schemas" };
		}
		for (const urn of body.schemas) {
			if (urn !== definition.id && !(urn in rest))
				return { path: "schemas", text: "an extension without a value" };
		}
		return this.members(definition, rest, "") || this.required(kind, body);
	}

	required(kind, body) {
		const needed = kind === "Users" ? ["userName"] : ["displayName"];
		if (this.options.aws && kind === "Users")
			needed.push("displayName", "name.givenName", "name.familyName");
		for (const path of needed) {
			const value = path.split(".").reduce((at, name) => (at ?? {})[name], body);
			if (typeof value !== "string" || value === "")
				return { path, text: "missing" };
		}
		// Oracle: one primary e-mail address in each user.
		const primary = (body.emails ?? []).some((email) => email.primary === true);
		if (this.options.oci && kind === "Users" && !primary)
			return { path: "emails", text: "a primary one is missing" };
		return null;
	}

	// What a path names: attr, attr.sub, attr[filter], attr[filter].sub, URN:attr.
	target(kind, path) {
		const definition = this.definitions[kind];
		const filtered = /\[.*\]/.test(path);
		let attribute = null;
		if (path === "externalId")
			return { attribute: { type: "string", name: path, config: {} }, filtered };
		try {
			attribute = definition.attribute(path.replace(/\[.*\]/, ""));
		} catch {
			return null;
		}
		return { attribute, filtered };
	}

	operation(kind, { op, path, value }, at) {
		if (!["add", "replace", "remove"].includes(op))
			return { path: `${at}.op`, text: "not add, replace or remove" };
		if (path === undefined) {
			const rest = { ...value };
			delete rest.externalId;
			delete rest.schemas;
			return this.members(this.definitions[kind], rest, "");
		}
		const target = this.target(kind, path);
		if (!target)
			return { path, text: "unknown" };
		if (op === "remove")
			return null;
		if (target.attribute instanceof this.SchemaDefinition)
			return this.members(target.attribute, value, `${path}:`);
		return target.filtered ? this.single(target.attribute, value, path)
			: this.value(target.attribute, value, path);
	}

	patch(kind, body) {
		const { aws } = this.options;
		if (!Array.isArray(body.schemas) || body.schemas.join() !== PATCH_OP)
			return { path: "schemas", text: "not that of a PatchOp" };
		if (!Array.isArray(body.Operations) || body.Operations.length === 0)
			return { path: "Operations", text: "missing" };
		for (const [i, operation] of body.Operations.entries()) {
			const at = `Operations[${i}]`;
			const wrong = this.operation(kind, operation, at);
			if (wrong)
				return wrong;
			const path = operation.path ?? "";
			const odd = !/^(members|displayName|externalId)\b/.test(path) ||
				(path === "members" && operation.op !== "add");
			if (aws && kind === "Groups" && odd)
				return { path: `${at}.path`, text: "not here" };
		}
		return null;
	}

	// method and path of a request or of an operation in a Bulk, and its body.
	check(method, path, body) {
		const [, kind, id] = path.split("/");
		if (!this.definitions[kind] || method === "DELETE")
			return null;
		if (Object(body) !== body || Array.isArray(body))
			return { path: "", text: "not an object" };
		return method === "PATCH" ? this.patch(kind, body) : this.resource(kind, body, id);
	}
}

// How many members a group comes with, or a PATCH of it adds and removes.
function membershipChanges(body) {
	let changes = Array.isArray(body.members) ? body.members.length : 0;
	for (const { path = "", value } of body.Operations ?? []) {
		if (/^members\b/i.test(path))
			changes += Array.isArray(value) ? value.length : 1;
		else if (path === "" && Array.isArray(value?.members))
			changes += value.members.length;
	}
	return changes;
}

module.exports = { USER_EXTENSION, addOracle, addExtension, Checker, membershipChanges };
