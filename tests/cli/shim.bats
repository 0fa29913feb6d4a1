# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel's headers for modules: what is there compiles as kernel source does, what is absent is an error that names it.

load cli

# compile SOURCE: by the one line that a user's module is compiled with.
compile()
{
	run "${CC:-gcc}" -std=gnu11 -Wall -Werror -shared -fPIC -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" "$1" \
		-o x.so
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
	for header in "$ROOT"/include/memhp/kernel/linux/*.h; do
		echo "#include <linux/$(basename "$header")>" >one.c
		compile one.c
		[ "$status" -eq 0 ] || { echo "$header: $output" >&2; return 1; }
	done
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
	[ "$output" = "memhp_printk
register_memory_notifier
unregister_memory_notifier" ]
}

@test "shim: an absent header is not found" {
	absent '#include <linux/hrtimer.h>' 'linux/hrtimer.h: No such file'
	absent '#include <linux/device.h>' 'linux/device.h: No such file'
}

@test "shim: an absent function, type or macro is named" {
	absent 'void f(void) { mutex_lock(0); }' "mutex_lock"
	absent 'void *f(void) { return vmalloc(1); }' "vmalloc"
	absent 'struct mutex m;' "'m'"
	absent 'EXPORT_SYMBOL_GPL(f);' "'f' undeclared"
	absent 'int f(void) { return WARN_ON(1); }' "WARN_ON"
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
#include <linux/slab.h>

int main(void)
{
	void *nothing = kzalloc(0, GFP_KERNEL);
	char *zeroed = kcalloc(4, 4, GFP_ATOMIC);

	if (nothing != ZERO_SIZE_PTR || kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL) || !zeroed || zeroed[15])
		return 1;
	if (kmalloc_array(1ul << 40, 1ul << 40, GFP_KERNEL))
		return 2;
	kfree(nothing);
	kfree(zeroed);
	kfree(NULL);
	return 0;
}
END
	gcc -std=gnu11 -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" alloc.c -o alloc
	run ./alloc
	[ "$status" -eq 0 ]
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
