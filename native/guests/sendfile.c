/* sendfile(2), splice(2), tee(2), vmsplice(2), copy_file_range(2) between files, pipes and sockets. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static char buffer[500000], copy[500000];
static int ends[2];

static void *receive(void *unused) {
    (void)unused;
    size_t total = 0;
    ssize_t length;
    while ((length = read(ends[1], copy + total, sizeof copy - total)) > 0) {
        total += length;
    }
    CHECK(total == sizeof copy);
    return NULL;
}

int main(void) {
    char path[] = "sendfile-of-a-test-XXXXXX";
    int file = mkstemp(path);
    CHECK(file >= 0 && unlink(path) == 0);
    for (size_t i = 0; i < sizeof buffer; i++) {
        buffer[i] = (char)(i * 2654435761u >> 23);
    }
    CHECK(write(file, buffer, sizeof buffer) == (ssize_t)sizeof buffer);

    /* The file's own offset moves, or the one that is given. */
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(lseek(file, 10, SEEK_SET) == 10);
    CHECK(sendfile(ends[0], file, NULL, 100) == 100 && lseek(file, 0, SEEK_CUR) == 110);
    CHECK(recv(ends[1], copy, 100, MSG_WAITALL) == 100 && memcmp(copy, buffer + 10, 100) == 0);
    off_t offset = 1000;
    CHECK(sendfile(ends[0], file, &offset, 50) == 50 && offset == 1050 && lseek(file, 0, SEEK_CUR) == 110);
    CHECK(recv(ends[1], copy, 50, MSG_WAITALL) == 50 && memcmp(copy, buffer + 1000, 50) == 0);
    offset = sizeof buffer - 7;
    CHECK(sendfile(ends[0], file, &offset, 100) == 7 && offset == sizeof buffer);
    CHECK(sendfile(ends[0], file, &offset, 100) == 0);
    CHECK(recv(ends[1], copy, 7, MSG_WAITALL) == 7);
    CHECK_ERROR(sendfile(ends[0], ends[1], NULL, 10), EINVAL);
    CHECK_ERROR(sendfile(ends[0], 900, NULL, 10), EBADF);

    /* More than the socket takes at once. */
    CHECK(lseek(file, 0, SEEK_SET) == 0);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, receive, NULL) == 0);
    size_t total = 0;
    while (total < sizeof buffer) {
        ssize_t length = sendfile(ends[0], file, NULL, sizeof buffer - total);
        CHECK(length > 0);
        total += length;
    }
    CHECK(shutdown(ends[0], SHUT_WR) == 0 && pthread_join(thread, NULL) == 0);
    CHECK(memcmp(buffer, copy, sizeof buffer) == 0);
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);

    /* A file through a pipe into a socket. */
    int pipe_ends[2], other[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && pipe(pipe_ends) == 0 && pipe(other) == 0);
    loff_t place = 500;
    CHECK(splice(file, &place, pipe_ends[1], NULL, 300, 0) == 300 && place == 800);
    CHECK(tee(pipe_ends[0], other[1], 200, 0) == 200);
    CHECK(splice(pipe_ends[0], NULL, ends[0], NULL, 1000, 0) == 300);
    CHECK(recv(ends[1], copy, 300, MSG_WAITALL) == 300 && memcmp(copy, buffer + 500, 300) == 0);
    CHECK(read(other[0], copy, 1000) == 200 && memcmp(copy, buffer + 500, 200) == 0);
    /* And back, into the file. */
    CHECK(write(ends[1], "replaced", 8) == 8);
    CHECK(splice(ends[0], NULL, pipe_ends[1], NULL, 100, 0) == 8);
    place = 3;
    CHECK(splice(pipe_ends[0], NULL, file, &place, 100, 0) == 8 && place == 11);
    CHECK(pread(file, copy, 8, 3) == 8 && memcmp(copy, "replaced", 8) == 0);
    CHECK_ERROR(splice(pipe_ends[0], NULL, ends[0], NULL, 10, SPLICE_F_NONBLOCK), EAGAIN);
    CHECK_ERROR(splice(ends[0], NULL, ends[1], NULL, 10, 0), EINVAL);
    CHECK_ERROR(splice(pipe_ends[0], &place, ends[0], NULL, 10, 0), ESPIPE);
    struct iovec vector = {buffer, 4000};
    CHECK(vmsplice(pipe_ends[1], &vector, 1, 0) == 4000);
    CHECK(read(pipe_ends[0], copy, 5000) == 4000 && memcmp(copy, buffer, 4000) == 0);
    CHECK_ERROR(copy_file_range(pipe_ends[0], NULL, file, NULL, 10, 0), EINVAL);
    CHECK_ERROR(copy_file_range(file, NULL, ends[0], NULL, 10, 0), EINVAL);
    CHECK(close(pipe_ends[1]) == 0);
    CHECK(splice(pipe_ends[0], NULL, ends[0], NULL, 10, 0) == 0);
    return 0;
}
