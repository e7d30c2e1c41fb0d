// Reads the variables of a page, one time for each line of its input.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void *find(void *page, const char *name, const char *version) {
	void *p = dlvsym(page, name, version);
	if (p == NULL) {
		fprintf(stderr, "%s\n", dlerror());
		exit(1);
	}
	return p;
}

int main(int argc, char **argv) {
	void *page = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
	if (page == NULL) {
		fprintf(stderr, "%s\n", dlerror());
		return 1;
	}
	if (dlvsym(page, "tick_A", "tick_1.1") != NULL)
		return 2; // it has another version
	volatile uint64_t *a = find(page, "tick_A", "tick_1.0");
	volatile uint8_t *flag = find(page, "tick_Flag", "tick_1.0");
	volatile uint16_t *table = find(page, "tick_Table", "tick_1.1");
	const char *host = find(page, "tick_Host", "tick_1.1");
	volatile uint64_t *abandoned = find(page, "vimage_abandoned", "VIMAGE_PAGE_1");
	while (getchar() == '\n') {
		printf("%llu %d %d %s. %llu\n", (unsigned long long)*a, *flag, table[2], host, (unsigned long long)*abandoned);
		fflush(stdout);
	}
	return 0;
}
