/*
 * scim-store.js: what scim-server.js keeps: users and groups in memory, and how scimmy reads and
 * writes them.
 *
 * Members are kept beside the groups as sets of ids: a resource of scimmy's with thousands of them
 * is slow to make.  They are put into answers by the server, and into a group here only where a
 * PATCH is about to change it.
 */
"use strict";
const crypto = require("crypto");
const fs = require("fs");
const { USER_EXTENSION } = require("./scim-schema.js");

const KINDS = ["Users", "Groups"];

class Store {
	constructor(SCIMMY, options) {
		this.SCIMMY = SCIMMY;
		this.options = options;
		this.Users = new Map();
		this.Groups = new Map();
		this.names = { Users: new Map(), Groups: new Map() };	// in small letters: id
		this.members = new Map();	// id of a group: Set of ids
		this.groupsOf = new Map();	// id of a member: Set of ids of groups
		this.made = 0;
	}

	error(status, type, detail) {
		return new this.SCIMMY.Types.Error(status, type, detail);
	}

	missing(id) {
		return this.error(404, null, `Resource ${id} not found`);
	}

	newId() {
		let id;
		do {
			this.made++;
			id = crypto.createHash("md5").update(`scim-server ${this.made}`).digest("hex");
		} while (this.Users.has(id) || this.Groups.has(id));	// a seed may have it
		return id;
	}

	name(kind, resource) {
		return kind === "Users" ? resource.userName : resource.displayName;
	}

	// Where strings are compared, case does not count but for ids (RFC 7643).
	find(kind, filter) {
		const all = [...this[kind].values()];
		if (filter === undefined)
			return all;
		if (typeof filter === "function")
			return all.filter((resource) => filter(this.whole(kind, resource)));
		return filter.match(all.map((resource) => this.whole(kind, resource)))
			.map((resource) => this[kind].get(resource.id));
	}

	whole(kind, resource) {
		const list = (ids) => [...ids ?? []].map((value) => ({ value }));
		return { ...resource, ...(kind === "Users" ? { groups: list(this.groupsOf.get(resource.id)) }
			: { members: list(this.members.get(resource.id)) }) };
	}

	// Members as answers show them; window: {startIndex, count}.
	memberList(id, { startIndex = 1, count = Infinity } = {}) {
		const list = [];
		let at = 0;
		for (const value of this.members.get(id)) {
			if (++at < startIndex)
				continue;
			if (list.length >= count)
				break;
			const kind = this.Users.has(value) ? "Users" : "Groups";
			list.push({ value, $ref: `${this.options.base}/${kind}/${value}`,
				display: this.name(kind, this[kind].get(value)), type: kind.slice(0, -1) });
		}
		return list;
	}

	groupList(id) {
		return [...this.groupsOf.get(id) ?? []].map((value) => ({
			value, $ref: `${this.options.base}/Groups/${value}`,
			display: this.Groups.get(value).displayName, type: "direct" }));
	}

	setMembers(id, values) {
		const set = new Set(values);
		for (const value of set) {
			if (!this.Users.has(value) && !this.Groups.has(value))
				throw this.error(400, "invalidValue", `members.value: not there: ${value}`);
		}
		for (const value of this.members.get(id) ?? [])
			this.groupsOf.get(value)?.delete(id);
		for (const value of set) {
			if (!this.groupsOf.has(value))
				this.groupsOf.set(value, new Set());
			this.groupsOf.get(value).add(id);
		}
		this.members.set(id, set);
	}

	// What Oracle adds to a user by itself.
	addDefaults(user, old) {
		const extension = user[USER_EXTENSION] ?? {};
		const primary = (user.emails ?? []).find((e) => e.primary);
		if (primary && !user.emails.some((e) => e.type === "recovery"))
			user.emails.push({ value: primary.value, type: "recovery", primary: false });
		for (const email of user.emails ?? []) {
			email.verified = email.verified ?? false;
			email.primary = email.primary ?? false;
		}
		user.active = user.active ?? true;
		user[USER_EXTENSION] = { isFederatedUser: false, ...extension,
			creationMechanism: old ? old[USER_EXTENSION].creationMechanism : "api" };
		if (!user.schemas.includes(USER_EXTENSION))
			user.schemas.push(USER_EXTENSION);
	}

	put(kind, id, resource, extra = {}) {
		const name = this.name(kind, resource).toLowerCase();
		const holder = this.names[kind].get(name);
		if (holder !== undefined && holder !== id)
			throw this.error(409, "uniqueness", `"${this.name(kind, resource)}" is taken`);
		const old = this[kind].get(id);
		const now = new Date().toISOString();
		const { members = [], ...rest } = resource;
		const stored = { ...rest, id, meta: { resourceType: kind.slice(0, -1),
			created: old ? old.meta.created : now, lastModified: now }, ...extra };
		delete stored.groups;
		if (kind === "Users" && this.options.oci)
			this.addDefaults(stored, old);
		if (kind === "Groups")
			this.setMembers(id, members.map((member) => member.value));
		if (old)
			this.names[kind].delete(this.name(kind, old).toLowerCase());
		this.names[kind].set(name, id);
		this[kind].set(id, stored);
		return stored;
	}

	remove(kind, id) {
		const old = this[kind].get(id);
		if (!old)
			throw this.missing(id);
		if (kind === "Groups")
			this.setMembers(id, []);
		for (const group of this.groupsOf.get(id) ?? [])
			this.members.get(group).delete(id);
		this.groupsOf.delete(id);
		this.members.delete(id);
		this.names[kind].delete(this.name(kind, old).toLowerCase());
		this[kind].delete(id);
	}

	// scimmy makes pages itself, but makes all resources for each; here only those of the page are.
	page(kind, resource, ctx) {
		const found = this.find(kind, ctx.filter ?? resource.filter);
		const { startIndex = 1, count = this.options.pageMax } = resource.constraints ?? {};
		const end = startIndex - 1 + Math.min(count, this.options.pageMax);
		const some = found.slice(startIndex - 1, end);
		ctx.startIndex = startIndex;
		resource.constraints = { startIndex: 1, count: some.length,
			totalResults: found.length };
		return some;
	}

	// What is read now is changed and written later.
	slowly(resource) {
		const { slowChange } = this.options;
		return slowChange === 0 ? resource
			: new Promise((resolve) => setTimeout(resolve, slowChange, resource));
	}

	// The three handlers of a resource type for scimmy.
	handlers(kind) {
		return {
			egress: (resource, ctx) => {
				if (!resource.id)
					return this.page(kind, resource, ctx);
				const found = this[kind].get(resource.id);
				if (!found)
					throw this.missing(resource.id);
				if (ctx.reading || kind === "Users")
					return found;
				return this.slowly(this.whole(kind, found));
			},
			ingress: (resource, data) => {
				if (resource.id && !this[kind].has(resource.id))
					throw this.missing(resource.id);
				const extra = {};
				// A mail that Oracle would have sent.
				if (kind === "Users" && this.options.oci && !resource.id &&
					data[USER_EXTENSION]?.bypassNotification !== true)
					extra._mail = true;
				else if (resource.id && this[kind].get(resource.id)._mail)
					extra._mail = true;
				const plain = JSON.parse(JSON.stringify(data));
				return this.put(kind, resource.id ?? this.newId(), plain, extra);
			},
			degress: (resource) => this.remove(kind, resource.id),
		};
	}

	// Lines of SCIM resources as push-scim reads them (a group may come in several, members may be
	// bulkId: and an externalId), or those of a dump.
	seed(file) {
		const resources = fs.readFileSync(file, "utf8").split("\n")
			.filter((line) => line !== "").map((line) => JSON.parse(line));
		const isGroup = (r) => r.schemas.some((schema) => schema.endsWith(":core:2.0:Group"));
		const byExternalId = new Map();
		for (const { resourceType, ...user } of resources.filter((r) => !isGroup(r))) {
			const id = user.id ?? this.newId();
			this.put("Users", id, user);
			byExternalId.set(user.externalId, id);
		}
		for (const { resourceType, members = [], ...group } of resources.filter(isGroup)) {
			const values = members.map((member) => member.value ?? member).map((value) =>
				(value.startsWith("bulkId:") ? byExternalId.get(value.slice(7)) : value));
			const id = this.names.Groups.get(group.displayName.toLowerCase()) ?? group.id ??
				this.newId();
			if (this.Groups.has(id))
				this.setMembers(id, [...this.members.get(id), ...values]);
			else
				this.put("Groups", id,
					{ ...group, members: values.map((value) => ({ value })) });
		}
	}

	// Everything, a line each, in a fixed order; members are the ids.
	dump() {
		const sorted = (value) => (Array.isArray(value) ? value.map(sorted)
			: Object(value) === value ? Object.fromEntries(Object.keys(value).sort()
				.map((key) => [key, sorted(value[key])])) : value);
		const lines = [];
		for (const kind of KINDS) {
			for (const resource of this[kind].values()) {
				const { meta, ...rest } = this.whole(kind, resource);
				if (rest.members)
					rest.members = rest.members.map((m) => m.value).sort();
				lines.push(JSON.stringify(sorted({ ...rest,
					resourceType: meta.resourceType })));
			}
		}
		return lines.sort().map((line) => `${line}\n`).join("");
	}
}

module.exports = { Store, KINDS };
