/* Calls a program of the package, as code for this processor, whenever it is asked to on standard input.

   A request is the size of the memory, the words that the program takes, and the memory, which is put at MEMORY. The
   answer is the program's status and the memory. COUNT, TYPES and WORDS say how many words there are: "int64_t, ..." and
   "words[0], ..."; see arm64.py. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define ROOM (1L << 30)

int32_t entry(TYPES);

static void take(void *to, size_t size) {
    if (fread(to, 1, size, stdin) != size) exit(1);
}

static void give(const void *from, size_t size) {
    if (fwrite(from, 1, size, stdout) != size) exit(1);
}

int main(void) {
    int64_t size, words[COUNT], status;
    void *memory = mmap((void *)MEMORY, ROOM, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
    if (memory != (void *)MEMORY) return 1;
    while (fread(&size, sizeof size, 1, stdin) == 1) {
        if (size > ROOM) return 1;
        take(words, sizeof words);
        take(memory, size);
        status = entry(WORDS);
        give(&status, sizeof status);
        give(memory, size);
        fflush(stdout);
    }
    return 0;
}
