/*
 * A fast upstream proxy that is its own target, for load tests. On 127.0.0.1 only.
 *
 *   upstream PORT SECONDS     port 0: any free one; ends by itself after SECONDS, 0: at once
 *
 * Prints its port. Answers every GET with 200 and 1 KB, or N bytes for a path that holds /bytes/N,
 * and keeps the connection; answers CONNECT with 200 and goes on as the target itself.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MOST_CONNECTIONS = 8192, HEAD_BYTES = 8192, EVENTS = 256, BLOCK = 64 * 1024 };
static const long MOST_BODY = 64L * 1024 * 1024;

struct connection {
  int fd;
  int waits_to_write;
  int length;       /* bytes read and not yet understood */
  int head_sent;    /* of the answer's head */
  int head_length;  /* 0: no answer under way */
  long body_left;
  char head[160];
  char in[HEAD_BYTES];
};

static char block[BLOCK];
static int loop;
static int open_connections;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void watch(struct connection *c, int operation, unsigned events) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  if (epoll_ctl(loop, operation, c->fd, &event) != 0) fail("epoll_ctl");
}

static void end(struct connection *c) {
  close(c->fd);
  free(c);
  open_connections--;
}

/* 1: all is written; 0: the socket is full; -1: the peer is gone */
static int write_answer(struct connection *c) {
  while (c->head_length > 0) {
    long piece = c->body_left < BLOCK ? c->body_left : BLOCK;
    struct iovec parts[2] = {
        {c->head + c->head_sent, (size_t)(c->head_length - c->head_sent)}, {block, (size_t)piece}};
    ssize_t written = writev(c->fd, parts, piece > 0 ? 2 : 1);
    if (written < 0) return errno == EAGAIN ? 0 : -1;
    long of_head = c->head_length - c->head_sent;
    if (of_head > written) of_head = written;
    c->head_sent += (int)of_head;
    c->body_left -= written - of_head;
    if (c->head_sent == c->head_length && c->body_left == 0) c->head_length = 0;
  }
  return 1;
}

static int begin_answer(struct connection *c) {
  if (memcmp(c->in, "CONNECT ", 8) == 0) {
    c->body_left = 0;
    c->head_length = sprintf(c->head, "HTTP/1.1 200 Connection established\r\n\r\n");
  } else if (memcmp(c->in, "GET ", 4) == 0) {
    char *line_end = strchr(c->in, '\r');
    char *wish = strstr(c->in, "/bytes/");
    long size = wish != NULL && wish < line_end ? strtol(wish + 7, NULL, 10) : 1024;
    if (size < 0 || size > MOST_BODY) return -1;
    c->body_left = size;
    c->head_length = sprintf(c->head,
        "HTTP/1.1 200 OK\r\nServer: stub\r\nContent-Type: text/plain\r\nContent-Length: %ld\r\n\r\n",
        size);
  } else {
    return -1;
  }
  c->head_sent = 0;
  return 1;
}

static int serve(struct connection *c) {
  for (;;) {
    int done = write_answer(c);
    if (done < 0) return -1;
    if (done == 0 && !c->waits_to_write) watch(c, EPOLL_CTL_MOD, EPOLLOUT);
    if (done == 1 && c->waits_to_write) watch(c, EPOLL_CTL_MOD, EPOLLIN);
    c->waits_to_write = done == 0;
    if (done == 0) return 0;
    c->in[c->length] = 0;
    char *head_end = strstr(c->in, "\r\n\r\n");
    if (head_end != NULL) {
      int used = (int)(head_end + 4 - c->in);
      if (begin_answer(c) < 0) return -1;
      c->length -= used;
      memmove(c->in, c->in + used, (size_t)c->length);
      continue;
    }
    if (c->length >= HEAD_BYTES - 1) return -1;
    ssize_t got = read(c->fd, c->in + c->length, (size_t)(HEAD_BYTES - 1 - c->length));
    if (got == 0 || (got < 0 && errno != EAGAIN)) return -1;
    if (got < 0) return 0;
    c->length += (int)got;
  }
}

static void accept_all(int listener) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct connection *c = open_connections < MOST_CONNECTIONS ? calloc(1, sizeof *c) : NULL;
    if (c == NULL) {
      close(fd);
      continue;
    }
    open_connections++;
    c->fd = fd;
    watch(c, EPOLL_CTL_ADD, EPOLLIN);
  }
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: upstream PORT SECONDS\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  alarm((unsigned)atoi(argv[2]));
  memset(block, 'x', sizeof block);

  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {
      .sin_family = AF_INET,
      .sin_port = htons((unsigned short)atoi(argv[1])),
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, length) != 0) fail("bind");
  if (listen(listener, 4096) != 0) fail("listen");
  getsockname(listener, (struct sockaddr *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  if (atoi(argv[2]) == 0) return 0; /* somebody only wanted to know a free port */

  loop = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event);
  struct epoll_event events[EVENTS];
  for (;;) {
    int count = epoll_wait(loop, events, EVENTS, -1);
    if (count < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < count; i++) {
      struct connection *c = events[i].data.ptr;
      if (c == NULL) {
        accept_all(listener);
      } else if (serve(c) < 0) {
        end(c);
      }
    }
  }
}
