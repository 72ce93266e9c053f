/*
 * A load generator for forward proxies on 127.0.0.1: one thread, a bounded number of connections,
 * a bounded time.
 *
 *   load absolute PORT TARGET CONNECTIONS SECONDS
 *   load tunnel K PORT TARGET CONNECTIONS SECONDS
 *
 * absolute: connections that are kept, on each one GET after the other in absolute form.
 * tunnel K: CONNECT, K GETs inside, close, again.
 * Prints one line of JSON. An error is an answer other than 200, a connection that breaks off
 * before its answer is whole, or one that stays silent until the end. Latencies are those of single
 * requests; with one request per tunnel, of the whole tunnel with its connect.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CONNECTIONS = 4096, MOST_SECONDS = 600, MOST_ERRORS = 100000, EVENTS = 256 };
enum { IN_BYTES = 64 * 1024, HEAD_BYTES = 8192, STEPS = 32, BUCKETS = 40 * STEPS };

struct connection {
  int fd;
  int in_tunnel;
  int asked;          /* requests answered or under way since the connection was opened */
  int answered;       /* whether anything came back on it */
  int closes;         /* the proxy said that it will close */
  int out_sent;
  int head_length;
  long body_left;     /* -1: the head is not whole yet */
  long long since;
  const char *out;
  int out_length;
  char head[HEAD_BYTES];
};

static struct connection connections[MOST_CONNECTIONS];
static char in[IN_BYTES];
static char get[512], request[512], opening[512];
static int get_length, request_length, opening_length;
static int per_tunnel; /* 0: absolute form */
static struct sockaddr_in proxy;
static int loop;
static long requests, tunnels, errors, reconnects;
static long histogram[BUCKETS];

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Buckets of about 3 %, in microseconds. */
static int bucket(long long nanos) {
  unsigned long micros = (unsigned long)(nanos / 1000);
  if (micros < STEPS) return (int)micros;
  int shift = 63 - __builtin_clzl(micros) - 5;
  int index = (shift + 1) * STEPS + (int)((micros >> shift) - STEPS);
  return index < BUCKETS ? index : BUCKETS - 1;
}

static double bucket_millis(int index) {
  int shift = index / STEPS - 1;
  double micros = shift < 0 ? index : (double)(1UL << shift) * (STEPS + index % STEPS + 0.5);
  return micros / 1000;
}

static double percentile(double share) {
  long all = 0, seen = 0;
  for (int i = 0; i < BUCKETS; i++) all += histogram[i];
  for (int i = 0; i < BUCKETS; i++) {
    seen += histogram[i];
    if (all > 0 && (double)seen >= share * (double)all) return bucket_millis(i);
  }
  return 0;
}

static void watch(struct connection *c, int operation, unsigned events) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  epoll_ctl(loop, operation, c->fd, &event);
}

static int flush(struct connection *c) {
  while (c->out_sent < c->out_length) {
    ssize_t sent = send(c->fd, c->out + c->out_sent, (size_t)(c->out_length - c->out_sent), 0);
    if (sent < 0 && errno == EAGAIN) {
      watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
      return 0;
    }
    if (sent < 0) return -1;
    c->out_sent += (int)sent;
  }
  return 0;
}

static int ask(struct connection *c, const char *what, int length) {
  c->out = what;
  c->out_length = length;
  c->out_sent = 0;
  c->head_length = 0;
  c->body_left = -1;
  if (c->in_tunnel || per_tunnel == 0) c->asked++;
  if (per_tunnel != 1) c->since = now();
  return flush(c);
}

static void start(struct connection *c) {
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int on = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  c->in_tunnel = 0;
  c->asked = 0;
  c->answered = 0;
  c->closes = 0;
  c->since = now();
  c->out = per_tunnel == 0 ? request : opening;
  c->out_length = per_tunnel == 0 ? request_length : opening_length;
  c->out_sent = 0;
  c->head_length = 0;
  c->body_left = -1;
  if (per_tunnel == 0) c->asked = 1;
  int refused = connect(c->fd, (struct sockaddr *)&proxy, sizeof proxy);
  if (refused != 0 && errno != EINPROGRESS) errors++;
  watch(c, EPOLL_CTL_ADD, EPOLLIN | EPOLLOUT);
}

static void restart(struct connection *c) {
  close(c->fd);
  start(c);
}

/* 0: go on; 1: this connection has done its work; -1: error */
static int whole_answer(struct connection *c) {
  if (per_tunnel > 0 && !c->in_tunnel) {
    c->in_tunnel = 1;
    return ask(c, get, get_length);
  }
  requests++;
  histogram[bucket(now() - c->since)]++;
  if (per_tunnel == 0) {
    if (!c->closes) return ask(c, request, request_length);
    reconnects++;
    return 1;
  }
  if (c->asked < per_tunnel) return ask(c, get, get_length);
  tunnels++;
  return 1;
}

static const char *header(const char *head, const char *name) {
  size_t length = strlen(name);
  for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n")) {
    if (strncasecmp(line + 2, name, length) == 0) return line + 2 + length;
  }
  return NULL;
}

static int whole_head(struct connection *c) {
  if (strncmp(c->head, "HTTP/1.", 7) != 0 || strncmp(c->head + 8, " 200", 4) != 0) return -1;
  const char *length = header(c->head, "content-length:");
  const char *connection = header(c->head, "connection:");
  if (per_tunnel > 0 && !c->in_tunnel) {
    c->body_left = 0;
  } else if (length == NULL) {
    return -1;
  } else {
    c->body_left = strtol(length, NULL, 10);
    c->closes = connection != NULL && strncasecmp(connection, " close", 6) == 0;
  }
  return 0;
}

static int take(struct connection *c, const char *bytes, int count) {
  int at = 0;
  while (at < count) {
    if (c->body_left < 0) {
      int before = c->head_length;
      int copied = count - at < HEAD_BYTES - 1 - before ? count - at : HEAD_BYTES - 1 - before;
      memcpy(c->head + before, bytes + at, (size_t)copied);
      c->head[before + copied] = 0;
      char *end = strstr(c->head + (before < 3 ? 0 : before - 3), "\r\n\r\n");
      if (end == NULL) {
        c->head_length += copied;
        if (c->head_length == HEAD_BYTES - 1) return -1;
        at += copied;
        continue;
      }
      end[2] = 0;
      at += (int)(end + 4 - c->head) - before;
      if (whole_head(c) < 0) return -1;
    }
    long piece = c->body_left < count - at ? c->body_left : count - at;
    c->body_left -= piece;
    at += (int)piece;
    if (c->body_left == 0) {
      int step = at < count ? -1 : whole_answer(c); /* nobody may answer before it was asked */
      if (step != 0) return step;
      return 0;
    }
  }
  return 0;
}

static int serve(struct connection *c, unsigned events) {
  if (events & (EPOLLERR | EPOLLHUP) && !(events & EPOLLIN)) return -1;
  if (events & EPOLLOUT) {
    watch(c, EPOLL_CTL_MOD, EPOLLIN);
    if (flush(c) < 0) return -1;
  }
  if (events & EPOLLIN) {
    ssize_t got = read(c->fd, in, sizeof in);
    if (got < 0) return errno == EAGAIN ? 0 : -1;
    if (got == 0) return -1;
    c->answered = 1;
    return take(c, in, (int)got);
  }
  return 0;
}

int main(int argc, char **argv) {
  int tunnel = argc == 7 && strcmp(argv[1], "tunnel") == 0;
  if (!tunnel && !(argc == 6 && strcmp(argv[1], "absolute") == 0)) {
    fprintf(stderr, "usage: load absolute PORT TARGET CONNECTIONS SECONDS\n"
                    "       load tunnel K PORT TARGET CONNECTIONS SECONDS\n");
    return 2;
  }
  char **rest = argv + (tunnel ? 3 : 2);
  per_tunnel = tunnel ? atoi(argv[2]) : 0;
  int port = atoi(rest[0]), count = atoi(rest[2]), seconds = atoi(rest[3]);
  int fine = (!tunnel || per_tunnel >= 1) && strlen(rest[1]) <= 200 && port > 0 && port < 65536 &&
             count >= 1 && count <= MOST_CONNECTIONS && seconds >= 1 && seconds <= MOST_SECONDS;
  if (!fine) {
    fprintf(stderr, "load: K from 1, CONNECTIONS 1 to %d, SECONDS 1 to %d\n", MOST_CONNECTIONS,
            MOST_SECONDS);
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  proxy.sin_family = AF_INET;
  proxy.sin_port = htons((unsigned short)port);
  proxy.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const char *headers = "User-Agent: load\r\nAccept: */*\r\n\r\n";
  request_length =
      sprintf(request, "GET http://%s/ HTTP/1.1\r\nHost: %s\r\n%s", rest[1], rest[1], headers);
  get_length = sprintf(get, "GET / HTTP/1.1\r\nHost: %s\r\n%s", rest[1], headers);
  opening_length = sprintf(opening, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", rest[1], rest[1]);

  loop = epoll_create1(EPOLL_CLOEXEC);
  long long begun = now();
  long long end = begun + seconds * 1000000000LL;
  for (int i = 0; i < count; i++) start(&connections[i]);
  struct epoll_event events[EVENTS];
  while (now() < end && errors < MOST_ERRORS) {
    int ready = epoll_wait(loop, events, EVENTS, 100);
    for (int i = 0; i < ready; i++) {
      struct connection *c = events[i].data.ptr;
      int step = serve(c, events[i].events);
      if (step < 0) errors++;
      if (step != 0) restart(c);
    }
  }
  double took = (double)(now() - begun) / 1e9;
  for (int i = 0; i < count; i++) errors += !connections[i].answered && took > 1 && per_tunnel == 0;
  printf("{\"requests\":%ld,\"tunnels\":%ld,\"seconds\":%.3f,\"requests_per_second\":%.0f,"
         "\"tunnels_per_second\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"errors\":%ld,"
         "\"reconnects\":%ld}\n",
         requests, tunnels, took, (double)requests / took, (double)tunnels / took,
         percentile(0.5), percentile(0.99), errors, reconnects);
  return 0;
}
