# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel's headers for modules: what is there compiles as kernel source does, what is absent is an error that names it.

load cli

# compile SOURCE: by the one line that a user's module is compiled with.
compile()
{
	run "${CC:-gcc}" -std=gnu11 -Wall -Werror -shared -fPIC -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" "$1" \
		-o x.so
}

# inits SOURCE [OPTION…]: its init, run in the host, returns 0: what it asks of the headers is so.
inits()
{
	run gcc -std=gnu11 -shared -fPIC -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" "${@:2}" "$1" -o inits.so
	[ "$status" -eq 0 ] || { echo "$output" >&2; return 1; }
	bench module inits.so
	exits 0
}

# absent TEXT NAME: a module that says TEXT does not compile, and the error names NAME.
absent()
{
	printf '#include <linux/module.h>\n#include <linux/memory.h>\n#include <linux/slab.h>\n%s\n' "$1" >absent.c
	LC_ALL=C run gcc -std=gnu11 -shared -fPIC -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" absent.c -o absent.so
	[ "$status" -ne 0 ] || { echo "compiled: $1" >&2; return 1; }
	[[ $output == *"$2"* ]] || { printf 'no word of "%s":\n%s\n' "$2" "$output" >&2; return 1; }
}

@test "shim: each header compiles alone" {
	each_header
	gcc -std=gnu11 -Wall -Werror -fsyntax-only -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" headers/*.c
}

@test "shim: each header is listed in docs/kernel-api.md" {
	for header in "$ROOT"/include/memhp/kernel/linux/*.h; do
		name=$(basename "$header")
		[[ $name == memhp_* ]] || grep -q "\`linux/$name\`" "$ROOT/docs/kernel-api.md" ||
			{ echo "$name is not listed" >&2; return 1; }
	done
}

@test "shim: every example module compiles without a warning, under gcc and clang" {
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for source in "$ROOT"/examples/modules/*.c "$ROOT"/examples/bugs/*.c; do
			CC=$compiler compile "$source"
			[ "$status" -eq 0 ] || { echo "$compiler $source: $output" >&2; return 1; }
		done
	done
}

@test "shim: a module links nothing of ours and leaves the kernel's names to its host" {
	compile "$ROOT/examples/modules/section_table.c"
	run bash -c "nm -D --undefined-only x.so | awk '{ print \$2 }' | grep -E '^(memhp|register|unregister)' | sort"
	[ "$output" = "memhp_alloc
memhp_free
memhp_printk
register_memory_notifier
unregister_memory_notifier" ]
}

@test "shim: linux/module.h and linux/memory.h bring what they bring in the kernel" {
	for header in module memory; do
		cat >brings.c <<END
#include <linux/$header.h>

static LIST_HEAD(list);
static DEFINE_MUTEX(mutex);
static DEFINE_SPINLOCK(spinlock);
static DECLARE_RWSEM(rwsem);
static DECLARE_COMPLETION(completion);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static DEFINE_XARRAY(xarray);
static DEFINE_IDR(idr);
static DEFINE_PER_CPU(long, share);
static struct rb_root root = RB_ROOT;
static atomic_long_t number = ATOMIC_LONG_INIT(0);
static struct kref kref;
static nodemask_t nodes;
static struct delayed_work work;

const void *all[] = {&list, &mutex, &spinlock, &rwsem, &completion, &queue, &xarray, &idr, &share, &root, &number,
		     &kref, &nodes, &work};

bool brings(void);
bool brings(void)
{
	VM_WARN_ON(time_after(jiffies, jiffies + HZ));
	return WARN_ON_ONCE(!list_empty(&list)) || IS_ERR(ERR_PTR(-ENOMEM)) || ktime_get_ns() == 0;
}
END
		compile brings.c
		[ "$status" -eq 0 ] || { echo "$header: $output" >&2; return 1; }
	done
}

@test "shim: memory that a scope lets go is of 6.12 and 7.3 alone" {
	cat >scope.c <<'END'
#include <linux/module.h>
#include <linux/slab.h>

struct item {
	int number;
};

static struct item *item_new(int number)
{
	struct item *item __free(kfree) = kzalloc(sizeof(*item), GFP_KERNEL);

	if (!item || number < 0)
		return NULL;
	item->number = number;
	return_ptr(item);
}

/* Freed once here, and never twice: the host tells of both. */
static int __init scope_init(void)
{
	struct item *made = item_new(7);

	if (!made || made->number != 7 || item_new(-1))
		return -EINVAL;
	kfree(made);
	return 0;
}
module_init(scope_init);
MODULE_LICENSE("GPL");
END
	inits scope.c -DMEMHP_COMPAT=612
	run gcc -std=gnu11 -shared -fPIC -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" scope.c -o scope.so
	[ "$status" -ne 0 ]
	[[ $output == *__free* ]]
}

@test "shim: an absent header is not found" {
	absent '#include <linux/hrtimer.h>' 'linux/hrtimer.h: No such file'
	absent '#include <linux/device.h>' 'linux/device.h: No such file'
}

@test "shim: an absent function, type or macro is named" {
	absent 'void f(void) { mutex_lock_io(0); }' "mutex_lock_io"
	absent 'void *f(void) { return vmalloc(1); }' "vmalloc"
	absent 'struct hrtimer h;' "'h'"
	absent 'EXPORT_SYMBOL_GPL(f);' "'f' undeclared"
	absent 'static DEFINE_SEQLOCK(s);' "DEFINE_SEQLOCK"
	absent 'void *f(void) { return alloc_pages(0, 0); }' "alloc_pages"
}

@test "shim: ARRAY_SIZE of a pointer, container_of another type and a mixed min do not compile" {
	absent 'int *p; int f(void) { return ARRAY_SIZE(p); }' "ARRAY_SIZE of a pointer"
	absent 'void *f(int *p) { return container_of(p, struct notifier_block, next); }' "incompatible pointer"
	absent 'int f(int a, unsigned b) { return min(a, b); }' "use min_t"
}

@test "shim: errno numbers, sizes and arithmetic are the kernel's" {
	cat >numbers.c <<'END'
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/slab.h>

struct pair {
	int first;
	long second;
};

int numbers(struct pair *pair, unsigned long size);
int numbers(struct pair *pair, unsigned long size)
{
	int array[5];

	BUILD_BUG_ON(ARRAY_SIZE(array) != 5);
	BUILD_BUG_ON(ENOMEM != 12 || KMALLOC_MAX_SIZE != 4 << 20 || PAGES_PER_SECTION != 32768);
	BUILD_BUG_ON(round_up(5ul, 4) != 8 || round_down(7ul, 4) != 4 || DIV_ROUND_UP(9, 4) != 3 || !IS_ALIGNED(8ul, 8));
	return min(size, 4) + max(3, pair->first) + (container_of(&pair->second, struct pair, second) == pair);
}
END
	compile numbers.c
	[ "$status" -eq 0 ] || { echo "$output" >&2; return 1; }
}

@test "shim: the kmalloc family refuses what the kernel refuses" {
	cat >alloc.c <<'END'
#include <linux/module.h>
#include <linux/slab.h>

static int __init alloc_init(void)
{
	void *nothing = kzalloc(0, GFP_KERNEL);
	char *zeroed = kcalloc(4, 4, GFP_ATOMIC);

	if (nothing != ZERO_SIZE_PTR || kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL) || !zeroed || zeroed[15])
		return -EINVAL;
	if (kmalloc_array(1ul << 40, 1ul << 40, GFP_KERNEL))
		return -E2BIG;
	kfree(nothing);
	kfree(zeroed);
	kfree(NULL);
	return 0;
}
module_init(alloc_init);
MODULE_LICENSE("GPL");
END
	inits alloc.c
}

@test "shim: a percpu_counter adds up" {
	cat >counter.c <<'END'
#include <linux/module.h>
#include <linux/percpu_counter.h>

static int __init counter_init(void)
{
	struct percpu_counter counter;
	int ret = percpu_counter_init(&counter, -3, GFP_KERNEL);

	if (ret)
		return ret;
	percpu_counter_inc(&counter);
	if (percpu_counter_sum(&counter) != -2 || percpu_counter_read_positive(&counter) != 0)
		return -EINVAL;
	percpu_counter_add(&counter, 10);
	percpu_counter_sub(&counter, 1);
	percpu_counter_dec(&counter);
	if (percpu_counter_sum(&counter) != 6 || percpu_counter_compare(&counter, 7) != -1)
		return -ERANGE;
	percpu_counter_destroy(&counter);
	return percpu_counter_initialized(&counter);
}
module_init(counter_init);
MODULE_LICENSE("GPL");
END
	inits counter.c
}

@test "shim: atomics return what the kernel's do" {
	cat >atomic.c <<'END'
#include <linux/atomic.h>

int main(void)
{
	atomic_t a = ATOMIC_INIT(3);
	atomic64_t b = ATOMIC64_INIT(1);

	if (atomic_cmpxchg(&a, 4, 9) != 3 || atomic_read(&a) != 3 || atomic_cmpxchg(&a, 3, 9) != 3 || atomic_read(&a) != 9)
		return 1;
	if (atomic_add_return(2, &a) != 11 || atomic_dec_return(&a) != 10 || atomic_xchg(&a, 1) != 10)
		return 2;
	return !atomic_dec_and_test(&a) || !atomic64_dec_and_test(&b);
}
END
	gcc -std=gnu11 -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" atomic.c -o atomic
	run ./atomic
	[ "$status" -eq 0 ]
}
