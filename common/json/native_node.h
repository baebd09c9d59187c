/*
 * A native program as it runs: definitions put in where they are called, what is constant worked
 * out, every variable in a slot of its own.
 */
#ifndef JSON_NATIVE_NODE_H
#define JSON_NATIVE_NODE_H

#include <string.h>

#include "json/native_tree.h"
#include "json/native_value.h"

enum {
	/* Keys of members that are looked up by a table; others are searched. */
	NATIVE_KEYS_MAX = 256,
	NATIVE_KEY_ROWS = 256,
	NATIVE_NO_KEY = NATIVE_KEYS_MAX,
	NATIVE_SLOTS_MAX = 4096
};

enum native_op {
	NO_CONSTANT,		/* value */
	NO_DOT,
	NO_SLOT,		/* the variable in slot */
	NO_FIELD,		/* a[value], a constant string; key: its number */
	NO_INDEX,		/* a[b] */
	NO_SLICE,		/* a[b:c], b or c NULL */
	NO_EACH,		/* a[] */
	NO_TRY,			/* a, and on an error b or nothing; sign ?: then libjq goes on */
	NO_TEXT,		/* the list as one string */
	NO_ARRAY,		/* [a] */
	NO_OBJECT,		/* {list[0]: list[1], ...}, n pairs; members if all keys are constant */
	NO_PIPE, NO_COMMA, NO_AND, NO_OR, NO_ALTERNATIVE,
	NO_OPERATION,		/* a sign b; q: a / b | floor */
	NO_IF,			/* if a then b else c */
	NO_AS,			/* a into slot, then b */
	NO_REDUCE,		/* from b, c with each of a in slot */
	NO_EMPTY,
	NO_LIBJQ,		/* whoever comes here goes to libjq: error() */
	NO_SET,			/* .[value] = a */
	NO_UPDATE,		/* .[value] |= a */
	NO_MAP_VALUES,		/* map_values(a) */
	NO_ENTRIES,		/* with_entries(a) */
	NO_SELECT,		/* select(a) */
	NO_ANY, NO_ALL,		/* any(a; b) */
	NO_RANGE,		/* range(a) */
	NO_FUNCTION		/* function, of the input and the one argument a, or none */
};

struct native_run;
struct native_regex;

/* A constant key as it is written, its comma before it and its colon behind it. */
struct native_head {
	const char *text;
	uint32_t len;
	bool name, reserved;	/* a record has rules for it: Username and GroupName; ~ */
};

typedef int native_function(struct native_run *r, const struct native_value *in,
    const struct native_value *arg, struct native_value *out);

struct native_node {
	uint8_t op;		/* enum native_op */
	char sign;
	bool many;		/* may give more than one value */
	bool of_dot, of_slots;	/* depends on the input, on variables */
	uint16_t key, slot;
	uint32_t n;
	struct native_node *a, *b, *c;
	struct native_node **list;
	struct native_member *members;	/* the keys of an object, the values empty */
	struct native_head *heads;	/* of these members */
	bool joined;		/* of +: objects, of which none has a key of the other's */
	struct native_value value;
	native_function *function;
	struct native_regex *regex;
};

/*
 * A key as two words, for keys of up to 16 bytes the whole of it: most are, and a call of memcmp for
 * each member of a record takes longer than all else that a lookup does.
 */
struct native_word_pair {
	uint64_t first, last;
};

/* The keys that a program looks up. */
struct native_keys {
	struct native_value key[NATIVE_KEYS_MAX];
	struct native_word_pair words[NATIVE_KEYS_MAX];
	uint16_t next[NATIVE_KEYS_MAX], first[NATIVE_KEY_ROWS];	/* rows by native_key_row */
	uint16_t count;
};

/* Where the keys of an object of the record stand. */
struct native_table {
	uint32_t of;		/* the object's token, or UINT32_MAX */
	uint32_t value[NATIVE_KEYS_MAX];	/* by the key's number; 0: not there */
};

struct native_run {
	struct native_arena *arena;
	const struct native_keys *keys;
	struct native_document record;
	struct native_table tables[2];	/* of the record, and of its Attributes as a rule */
	struct native_value *slots;
	struct tok_list list;		/* for what a text holds */
	const struct native_regex *regex;	/* of the function that runs */
};

/* The first and the last bytes, which overlap below 16, and for three and less. */
static inline struct native_word_pair
native_key_words(const char *s, size_t len)
{
	struct native_word_pair w = { 0, 0 };
	uint32_t half[2];

	if (len >= 8) {
		memcpy(&w.first, s, 8);
		memcpy(&w.last, s + len - 8, 8);
	} else if (len >= 4) {
		memcpy(&half[0], s, 4);
		memcpy(&half[1], s + len - 4, 4);
		w.first = half[0];
		w.last = half[1];
	} else if (len > 0) {
		w.first = (unsigned char)s[0];
		w.last = (uint64_t)(unsigned char)s[len / 2] << 8 | (unsigned char)s[len - 1];
	}
	return w;
}

static inline unsigned
native_key_row(struct native_word_pair w, size_t len)
{
	/* The upper bits of a product by an odd number without a pattern depend on all of its factor. */
	return (unsigned)((w.first + 3 * w.last + len) * UINT64_C(0x9e3779b97f4a7c15) >> 56) %
	    NATIVE_KEY_ROWS;
}

/* The number of the key whose words these are, or NATIVE_NO_KEY. */
static inline uint16_t
native_key_find(const struct native_keys *keys, struct native_word_pair w, const char *s, size_t len)
{
	uint16_t k = keys->first[native_key_row(w, len)];

	while (k != NATIVE_NO_KEY && (keys->key[k].n != len || keys->words[k].first != w.first ||
	    keys->words[k].last != w.last ||
	    (len > 16 && memcmp(keys->key[k].u.text, s, len) != 0)))
		k = keys->next[k];
	return k;
}

/* One value at most of a node that is not many: an enum native_result. */
int native_eval(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out);

/*
 * Every value of a node, in order.  each returns NATIVE_ONE to go on, NATIVE_NONE to stop, or what
 * went wrong, and so does this.
 */
int native_each(struct native_run *r, const struct native_node *n, const struct native_value *in,
    int (*each)(void *arg, const struct native_value *v), void *arg);

/* v[key], for a key of any type. */
int native_index(struct native_run *r, const struct native_value *v, const struct native_value *key,
    struct native_value *out);

/* v[from:to]; to may be INT64_MAX. */
int native_slice(struct native_run *r, const struct native_value *v, int64_t from, int64_t to,
    struct native_value *out);

/* The same for a constant string with its number among the keys. */
int native_field(struct native_run *r, const struct native_value *v, const struct native_node *n,
    struct native_value *out);

/* The nodes that go over the members of a value: NO_MAP_VALUES, NO_ENTRIES, NO_ANY, NO_ALL. */
int native_over_members(struct native_run *r, const struct native_node *n,
    const struct native_value *in, struct native_value *out);

/*
 * Writes the value of a node that is not many as jq -c prints it, without making a value of what is only
 * put together to be written.  What b got is to be taken back on anything but NATIVE_ONE.  depth:
 * NATIVE_DEPTH_MAX for an output, which has to be a record.
 */
int native_put(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct buf *b, int depth);

/* Writes a value that is put out; NATIVE_DOUBT if it is no record. */
int native_put_record(struct native_run *r, const struct native_value *v, struct buf *b);

/* Whether a condition holds: as native_eval, but *is gets what native_is_true says of the value. */
int native_judge(struct native_run *r, const struct native_node *n, const struct native_value *in,
    bool *is);

/*
 * Of two operands: jq takes them in an order of its own, so that one that gives nothing does not
 * spare it an error of the other.
 */
static inline int
native_both(int a, int b)
{
	if (a < 0 || b < 0)
		return NATIVE_DOUBT;
	return a == NATIVE_ONE ? b : a;
}

/* The value of a node that need not be worked out, or NULL. */
static inline const struct native_value *
native_at_hand(const struct native_run *r, const struct native_node *n,
    const struct native_value *in)
{
	switch (n->op) {
	case NO_CONSTANT:
		return &n->value;
	case NO_SLOT:
		return &r->slots[n->slot];
	case NO_DOT:
		return in;
	default:
		return NULL;
	}
}

/* NO_REDUCE. */
int native_reduce(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out);

/* a sign b for * / % and q. */
int native_calculate(struct native_arena *arena, char sign, const struct native_value *a,
    const struct native_value *b, struct native_value *out);

/* The same for objects and *: members that are objects in both are merged in turn. */
int native_merge(struct native_arena *arena, struct native_value a, struct native_value b, int depth,
    struct native_value *out);

int native_floor(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out);

/* The value at hand, or worked out into *v; NULL with *result if there is none. */
static inline const struct native_value *
native_operand(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *v, int *result)
{
	const struct native_value *p = native_at_hand(r, n, in);

	*result = NATIVE_ONE;
	if (p != NULL)
		return p;
	*result = native_eval(r, n, in, v);
	return v;
}

/* Of NO_OPERATION. */
static inline bool
native_is_comparison(const struct native_node *n)
{
	switch (n->sign) {
	case '=':
	case '!':
	case '<':
	case '>':
	case 'l':
	case 'g':
		return true;
	default:
		return false;
	}
}

/* The builtin function of this name and number of arguments (0 or 1), or NULL. */
native_function *native_find_function(const char *name, int64_t args);

/* The value as a string: itself, or its JSON text. */
int native_to_text(struct native_run *r, const struct native_value *in,
    const struct native_value *arg, struct native_value *out);

/*
 * Makes the nodes of a program behind its helpers.  named: the object of its variables.  Returns the
 * first node, or NULL with *doubt filled.  Everything lies in the arena.
 */
struct native_node *native_inline(struct native_arena *arena, const struct native_tree *helpers,
    const struct native_tree *program, const struct native_value *named, struct native_keys *keys,
    unsigned *slots, struct native_doubt *doubt);

#endif
