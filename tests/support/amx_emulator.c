/*
 * amx_emulator.c: AMX for programs on a processor without it, so that tests reach the kernels for it.
 *
 *	LD_PRELOAD=build/tests/libamx_emulator.so AMX_EMULATOR=count program
 *
 * The processor is asked to trap CPUID (arch_prctl ARCH_SET_CPUID), whose answers gain the AMX bits; the kernel's permission
 * for tile registers is granted; and an AMX instruction, which is illegal here, is carried out by the handler of SIGILL,
 * as Intel's manual has it (Architecture Instruction Set Extensions, "Intel AMX": palette 1, TDPBF16PS, TDPBSSD and
 * its like). Some two microseconds an instruction: right, and no measure of speed.
 *
 * AMX_EMULATOR=count tells the numbers of instructions on stderr at the end, which measure work: a product takes the
 * multiplier 16 cycles. AMX_EMULATOR=need fails a program that multiplied nothing.
 *
 * Needs x86-64 Linux, a processor with AVX512-BF16 that can trap CPUID, and no sanitizer, which wants to be first.
 * Where it cannot be had it says so and exits 77, "skipped"; a processor with AMX is left to itself.
 */
#define _GNU_SOURCE
#include <cpuid.h>
#include <dlfcn.h>
#include <immintrin.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum {
	ARCH_SET_CPUID = 0x1012, /* 0 traps CPUID in this thread and those it starts, 1 does not */
	ARCH_GET_STATE_PERMITTED = 0x1022,
	ARCH_ASK_STATE = 0x1023,
	AMX_BITS = 1 << 22 | 1 << 24 | 1 << 25, /* of leaf 7, EDX: AMX-BF16, AMX-TILE, AMX-INT8 */
	BF16_BIT = 1 << 5, /* of leaf 7.1, EAX: AVX512-BF16 */
	TILES = 8,
	ROWS = 16,
	ROW_BYTES = 64,
};

static bool emulates;

/* The C library's own, past ours below. */
static void *real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

static int set_action(int number, const struct sigaction *new, struct sigaction *old)
{
	int (*call)(int, const struct sigaction *, struct sigaction *);

	*(void **)&call = real("sigaction");
	return call(number, new, old);
}

/* One thread's tile registers, as LDTILECFG has shaped them. */
struct tile {
	int rows, row_bytes;
	_Alignas(64) uint8_t row[ROWS][ROW_BYTES];
};
static _Thread_local struct tile tile[TILES] __attribute__((tls_model("initial-exec")));
static _Thread_local uint8_t config[64] __attribute__((tls_model("initial-exec")));

static const char *const names[] = {"configure", "load", "store", "zero", "product"};
enum kind {
	CONFIGURE,
	LOAD,
	STORE,
	ZERO,
	PRODUCT,
	KINDS,
};
static uint64_t counts[KINDS]; /* by atomic additions, from any thread */

static void count(enum kind kind)
{
	__atomic_fetch_add(&counts[kind], 1, __ATOMIC_RELAXED);
}

static void configure(const uint8_t *from)
{
	memset(tile, 0, sizeof(tile));
	if (!from || from[0] == 0) {
		memset(config, 0, sizeof(config));
		return;
	}
	memcpy(config, from, sizeof(config));
	for (int i = 0; i < TILES; i++) {
		tile[i].row_bytes = config[16 + 2 * i] | config[17 + 2 * i] << 8;
		tile[i].rows = config[48 + i];
	}
}

/* Is the tile configured? To touch one that is not is a fault, as on the processor. */
static bool is_there(const struct tile *t)
{
	return t->rows > 0 && t->rows <= ROWS && t->row_bytes > 0 && t->row_bytes <= ROW_BYTES;
}

static void load(struct tile *t, const uint8_t *from, int64_t stride)
{
	memset(t->row, 0, sizeof(t->row));
	for (int r = 0; r < t->rows; r++)
		memcpy(t->row[r], from + r * stride, (size_t)t->row_bytes);
}

static void store(const struct tile *t, uint8_t *to, int64_t stride)
{
	for (int r = 0; r < t->rows; r++)
		memcpy(to + r * stride, t->row[r], (size_t)t->row_bytes);
}

static float as_float(uint32_t bits)
{
	float x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

/* The even and the odd numbers are summed apart from zero, then added: round to nearest, denormals are zero. */
static void multiply_bf16(struct tile *to, const struct tile *a, const struct tile *b)
{
	int n_out = to->row_bytes / 4, depth = a->row_bytes / 4;

	for (int m = 0; m < to->rows; m++) {
		float even[ROWS] = {0}, odd[ROWS] = {0}, sum[ROWS];

		for (int k = 0; k < depth; k++) {
			uint32_t x, pair[ROWS];

			memcpy(&x, a->row[m] + 4 * k, sizeof(x));
			memcpy(pair, b->row[k], sizeof(pair));
			for (int n = 0; n < ROWS; n++) {
				even[n] = __builtin_fmaf(as_float(x << 16), as_float(pair[n] << 16), even[n]);
				odd[n] = __builtin_fmaf(as_float(x & 0xffff0000u), as_float(pair[n] & 0xffff0000u),
							odd[n]);
			}
		}
		memcpy(sum, to->row[m], sizeof(sum));
		for (int n = 0; n < n_out; n++)
			sum[n] += even[n] + odd[n];
		memcpy(to->row[m], sum, sizeof(sum));
	}
}

static void multiply_bytes(struct tile *to, const struct tile *a, const struct tile *b, bool a_signed, bool b_signed)
{
	int n_out = to->row_bytes / 4, depth = a->row_bytes;

	for (int m = 0; m < to->rows; m++) {
		int32_t sum[ROWS];

		memcpy(sum, to->row[m], sizeof(sum));
		for (int k = 0; k < depth; k++) {
			int x = a_signed ? (int8_t)a->row[m][k] : a->row[m][k];

			for (int n = 0; n < n_out; n++) {
				uint8_t y = b->row[k / 4][4 * n + k % 4];

				sum[n] = (int32_t)((uint32_t)sum[n] + (uint32_t)(x * (b_signed ? (int8_t)y : y)));
			}
		}
		memcpy(to->row[m], sum, sizeof(sum));
	}
}

/* An instruction of map 0F38 under a three-byte VEX, opcode 49, 4B, 5C or 5E. */
struct instruction {
	int prefix; /* 0: none, 1: 66, 2: F3, 3: F2 */
	int opcode, mod, reg, rm, second;
	int64_t address, stride; /* of memory; 'stride' by SIB's index */
	int length;
};

static int64_t general(const greg_t *g, int number)
{
	static const int at[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
				   REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

	return g[at[number]];
}

static bool decode(const uint8_t *p, const greg_t *g, struct instruction *o)
{
	int x, b, index, scale;
	int32_t far = 0;
	const uint8_t *start = p;

	*o = (struct instruction){0};
	if (p[0] != 0xc4 || (p[1] & 0x1f) != 2 || (p[2] & 0x84) != 0)
		return false;
	if (p[3] != 0x49 && p[3] != 0x4b && p[3] != 0x5c && p[3] != 0x5e)
		return false;
	x = p[1] & 0x40 ? 0 : 8;
	b = p[1] & 0x20 ? 0 : 8;
	o->second = ~(p[2] >> 3) & 15;
	o->prefix = p[2] & 3;
	o->opcode = p[3];
	o->mod = p[4] >> 6;
	o->reg = p[4] >> 3 & 7;
	o->rm = p[4] & 7;
	p += 5;
	if (o->mod != 3) {
		bool absolute = false;

		if (o->rm == 4) {
			index = (*p >> 3 & 7) + x;
			scale = *p >> 6;
			absolute = (*p & 7) == 5 && o->mod == 0;
			o->address = absolute ? 0 : general(g, (*p & 7) + b);
			o->stride = index == 4 ? 0 : general(g, index) * (1 << scale);
			p++;
		} else if (o->rm == 5 && o->mod == 0) {
			return false; /* by RIP: no one writes it */
		} else {
			o->address = general(g, o->rm + b);
		}
		if (o->mod == 1)
			far = (int8_t)*p++;
		if (o->mod == 2 || absolute) {
			memcpy(&far, p, sizeof(far));
			p += 4;
		}
		o->address += far;
	}
	o->length = (int)(p - start);
	return true;
}

static bool carry_out(const struct instruction *o)
{
	struct tile *to = &tile[o->reg];
	const struct tile *a = &tile[o->rm], *b = &tile[o->second & 7];

	switch (o->opcode) {
	case 0x49:
		if (o->mod != 3) {
			if (o->prefix == 1)
				memcpy((void *)(o->address + o->stride), config, sizeof(config));
			else
				configure((const void *)(o->address + o->stride));
			count(CONFIGURE);
		} else if (o->prefix == 3) {
			memset(to->row, 0, sizeof(to->row));
			count(ZERO);
			return is_there(to);
		} else {
			configure(NULL);
		}
		return true;
	case 0x4b:
		if (o->mod == 3 || !is_there(to))
			return false;
		if (o->prefix == 2)
			store(to, (void *)o->address, o->stride);
		else
			load(to, (const void *)o->address, o->stride);
		count(o->prefix == 2 ? STORE : LOAD);
		return true;
	case 0x5c:
		if (o->prefix != 2)
			return false;
		/* fall through */
	default:
		if (o->mod != 3 || !is_there(to) || !is_there(a) || !is_there(b) || a->rows != to->rows ||
		    b->row_bytes != to->row_bytes || a->row_bytes != 4 * b->rows)
			return false;
		if (o->opcode == 0x5c)
			multiply_bf16(to, a, b);
		else
			multiply_bytes(to, a, b, o->prefix >= 2, o->prefix & 1);
		count(PRODUCT);
		return true;
	}
}

/* What the program would do about the two signals. */
static struct sigaction theirs[NSIG];

/* A fault that is not ours is the program's. */
static void pass_on(int number, siginfo_t *info, void *context)
{
	const struct sigaction *a = &theirs[number];

	if (a->sa_flags & SA_SIGINFO)
		a->sa_sigaction(number, info, context);
	else if (a->sa_handler != SIG_DFL && a->sa_handler != SIG_IGN)
		a->sa_handler(number);
	else
		set_action(number, a, NULL); /* it happens again, and ends the program */
}

static void illegal(int number, siginfo_t *info, void *context)
{
	greg_t *g = ((ucontext_t *)context)->uc_mcontext.gregs;
	unsigned modes = _mm_getcsr();
	struct instruction o;
	bool any = false;

	_mm_setcsr(0x9fc0); /* round to nearest, denormals are zero both ways, no traps */
	for (; decode((const uint8_t *)g[REG_RIP], g, &o) && carry_out(&o); any = true)
		g[REG_RIP] += o.length;
	_mm_setcsr(modes);
	if (!any)
		pass_on(number, info, context);
}

static void ask_processor(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
	syscall(SYS_arch_prctl, ARCH_SET_CPUID, 1UL);
	__cpuid_count(leaf, sub, r[0], r[1], r[2], r[3]);
	syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0UL);
	if (leaf == 0 && r[0] < 0x1e)
		r[0] = 0x1e;
	if (leaf == 7 && sub == 0)
		r[3] |= AMX_BITS;
	if (leaf == 0x1d) { /* one palette: 8 tiles of 16 rows of 64 bytes */
		const uint32_t palette[2][4] = {{1, 0, 0, 0}, {1024 << 16 | 8192, 8 << 16 | 64, 16, 0}};

		memset(r, 0, 4 * sizeof(*r));
		if (sub < 2)
			memcpy(r, palette[sub], sizeof(palette[sub]));
	}
	if (leaf == 0x1e) { /* the multiplier: 16 rows by 64 bytes */
		memset(r, 0, 4 * sizeof(*r));
		r[1] = sub == 0 ? 64 << 8 | 16 : 0;
	}
}

static void trapped(int number, siginfo_t *info, void *context)
{
	greg_t *g = ((ucontext_t *)context)->uc_mcontext.gregs;
	const uint8_t *p = (const uint8_t *)g[REG_RIP];
	uint32_t r[4];

	/* A CPUID that traps has no address; any other fault may lie where the instruction cannot be read. */
	if (info->si_code != SI_KERNEL || p[0] != 0x0f || p[1] != 0xa2) {
		pass_on(number, info, context);
		return;
	}
	ask_processor((uint32_t)g[REG_RAX], (uint32_t)g[REG_RCX], r);
	g[REG_RAX] = r[0];
	g[REG_RBX] = r[1];
	g[REG_RCX] = r[2];
	g[REG_RDX] = r[3];
	g[REG_RIP] += 2;
}

static bool is_ours(int number)
{
	return emulates && (number == SIGILL || number == SIGSEGV);
}

/* The C library's three, in whose place a program's handlers come behind ours, */
int sigaction(int number, const struct sigaction *new, struct sigaction *old)
{
	if (!is_ours(number))
		return set_action(number, new, old);
	if (old)
		*old = theirs[number];
	if (new)
		theirs[number] = *new;
	return 0;
}

void (*signal(int number, void (*handler)(int)))(int)
{
	struct sigaction new = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;

	return sigaction(number, &new, &old) == 0 ? old.sa_handler : SIG_ERR;
}

/* and the kernel's permission is given. */
long syscall(long number, ...)
{
	static long (*call)(long, ...);
	va_list list;
	long a[6];

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(list, long);
	va_end(list);
	if (number == SYS_arch_prctl && a[0] == ARCH_ASK_STATE)
		return 0;
	if (number == SYS_arch_prctl && a[0] == ARCH_GET_STATE_PERMITTED) {
		*(uint64_t *)a[1] = 0x600e7;
		return 0;
	}
	if (!call)
		*(void **)&call = real("syscall");
	return call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

__attribute__((destructor)) static void end(void)
{
	const char *wish = getenv("AMX_EMULATOR");

	if (wish && strcmp(wish, "count") == 0)
		for (int i = 0; i < KINDS; i++)
			fprintf(stderr, "amx %s %llu\n", names[i], (unsigned long long)counts[i]);
	if (wish && strcmp(wish, "need") == 0 && emulates && counts[PRODUCT] == 0) {
		fputs("amx_emulator: the program multiplied no tiles\n", stderr);
		_exit(1);
	}
}

static void skip(const char *why)
{
	fprintf(stderr, "skipped: this processor %s, so AMX cannot be emulated\n", why);
	_exit(77);
}

__attribute__((constructor)) static void start(void)
{
	struct sigaction on_illegal = {.sa_sigaction = illegal, .sa_flags = SA_SIGINFO | SA_NODEFER};
	struct sigaction on_trap = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO | SA_NODEFER};
	uint32_t a, b, c, d;

	__cpuid_count(7, 0, a, b, c, d);
	if (d & AMX_BITS)
		return;
	__cpuid_count(7, 1, a, b, c, d);
	if (!(a & BF16_BIT))
		skip("has no AVX512-BF16");
	set_action(SIGILL, &on_illegal, NULL);
	set_action(SIGSEGV, &on_trap, NULL);
	emulates = true;
	if (syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0UL) != 0)
		skip("does not trap CPUID");
}
