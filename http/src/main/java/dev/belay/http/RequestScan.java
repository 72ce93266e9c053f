package dev.belay.http;

import dev.belay.http.RequestGuard.Limits;
import dev.belay.http.RequestGuard.Reason;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Follows the requests on a connection: which bytes are heads, bodies, chunk lines and trailers.
 * Heads and lines are looked at, bodies are counted. It is stricter than the decoder behind it, so
 * that whatever passes here is framed there in the same way. For one thread.
 */
final class RequestScan {
  private static final int LONGEST_CHUNK_LINE = 1024;

  private final Limits limits;
  private final HeadCheck head;
  private State state = State.HEAD;
  private long remaining;
  private int trailerBytes;
  private int scanned;
  private int goodBytes;
  private boolean switches;

  private enum State {
    HEAD,
    BODY,
    CHUNK_LINE,
    CHUNK,
    TRAILER
  }

  RequestScan(Limits limits) {
    this.limits = limits;
    this.head = new HeadCheck(limits);
  }

  /** How many of the bytes last scanned may pass; the others are to be shown again, with more. */
  int goodBytes() {
    return goodBytes;
  }

  /** Whether the bytes that may pass end with a request after which no HTTP may follow. */
  boolean switches() {
    return switches;
  }

  /** Whether what comes next belongs to a head. */
  boolean isInHead() {
    return state == State.HEAD;
  }

  /** What the decoder is sure to refuse at this point. */
  String poison() {
    return switch (state) {
      case HEAD -> "GET / HTTP/1.1\r\n\0:\r\n\r\n";
      case BODY, CHUNK_LINE, CHUNK -> "!\r\n";
      case TRAILER -> "!\r\n\r\n";
    };
  }

  /** Looks at what is readable, without reading it. The reason to refuse, or null. */
  @Nullable Reason scan(ByteBuf in) {
    int start = in.readerIndex();
    int end = in.writerIndex();
    int at = start;
    switches = false;
    Reason reason = null;
    while (at < end && !switches) {
      int next = state == State.BODY ? body(at, end) : unit(in, at, end);
      if (next == at) {
        break; // not whole yet
      }
      if (next < 0) {
        reason = head.reason();
        break;
      }
      at = next;
    }
    goodBytes = at - start;
    return reason;
  }

  private int body(int at, int end) {
    int passed = (int) Math.min(remaining, end - at);
    remaining -= passed;
    if (remaining == 0) {
      state = State.HEAD;
    }
    return at + passed;
  }

  /** Where the unit ends; {@code at} if it is not whole; -1 if it is bad. */
  private int unit(ByteBuf in, int at, int end) {
    return switch (state) {
      case HEAD -> head(in, at, end);
      case CHUNK_LINE -> chunkLine(in, at, end);
      case CHUNK -> chunk(in, at, end);
      case TRAILER -> trailer(in, at, end);
      case BODY -> throw new IllegalStateException("a body is no unit");
    };
  }

  private int head(ByteBuf in, int at, int end) {
    for (int line = at + scanned; ; ) {
      int lf = in.indexOf(Math.max(line, at + scanned), end, (byte) '\n');
      int seen = (lf < 0 ? end : lf + 1) - at;
      if (seen > limits.headBytes()) {
        return head.refuse(Reason.TOO_LARGE);
      }
      if (lf < 0) {
        scanned = line - at;
        return at;
      }
      if (!head.line(in, line, lf)) {
        return -1;
      }
      line = lf + 1;
      if (head.isWhole()) {
        scanned = 0;
        begin();
        return line;
      }
    }
  }

  private void begin() {
    switches = head.switches();
    if (head.isChunked()) {
      state = State.CHUNK_LINE;
    } else if (head.contentLength() > 0) {
      remaining = head.contentLength();
      state = State.BODY;
    }
    head.reset();
  }

  private int chunkLine(ByteBuf in, int at, int end) {
    int lf = in.indexOf(at, Math.min(end, at + LONGEST_CHUNK_LINE), (byte) '\n');
    if (lf < 0) {
      return end - at >= LONGEST_CHUNK_LINE ? head.refuse(Reason.CHUNK) : at;
    }
    long size = ChunkLine.size(in, at, lf);
    if (size < 0) {
      return head.refuse(Reason.CHUNK);
    }
    remaining = size + 2;
    trailerBytes = 0;
    state = size == 0 ? State.TRAILER : State.CHUNK;
    return lf + 1;
  }

  private int chunk(ByteBuf in, int at, int end) {
    int data = (int) Math.min(Math.max(0, remaining - 2), end - at);
    remaining -= data;
    int next = at + data;
    for (; next < end && remaining > 0; next++, remaining--) {
      if (in.getByte(next) != (remaining == 2 ? '\r' : '\n')) {
        return head.refuse(Reason.CHUNK);
      }
    }
    if (remaining == 0) {
      state = State.CHUNK_LINE;
    }
    return next;
  }

  private int trailer(ByteBuf in, int at, int end) {
    int lf = in.indexOf(at, end, (byte) '\n');
    int length = (lf < 0 ? end : lf + 1) - at;
    if (trailerBytes + length > limits.headBytes()) {
      return head.refuse(Reason.TOO_LARGE);
    }
    if (lf < 0) {
      return at;
    }
    trailerBytes += length;
    if (!head.trailerLine(in, at, lf)) {
      return -1;
    }
    if (length == 2) {
      head.reset();
      state = State.HEAD;
    }
    return lf + 1;
  }
}
