package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads lines, heads and bodies from a connection through one buffer. For one thread. */
final class WireReader {
  /** The longest head that is read: request line, headers and line ends. */
  static final int MAX_HEAD_BYTES = 64 * 1024;

  private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9a-fA-F]{1,15}");
  private static final int MAX_CHUNK_LINE_BYTES = 4 * 1024;

  /** Takes the bytes of a body as they come; they are only lent. */
  interface Sink {
    void accept(byte[] bytes, int from, int count) throws IOException;
  }

  private final InputStream in;
  private final byte[] buffer = new byte[16 * 1024];
  private int position;
  private int limit;

  WireReader(InputStream in) {
    this.in = in;
  }

  /** The next head; empty when the peer closed before it began. */
  Optional<Head> head() throws IOException {
    int budget = MAX_HEAD_BYTES;
    String start = "";
    while (start.isEmpty()) { // blank lines before a message are allowed
      if (position == limit && !fill()) {
        return Optional.empty();
      }
      budget -= 2;
      start = line(budget);
    }
    budget -= start.length();
    List<Header> headers = new ArrayList<>();
    for (String line = line(budget); !line.isEmpty(); line = line(budget)) {
      budget -= line.length() + 2;
      headers.add(header(line));
    }
    return Optional.of(new Head(start, headers, MAX_HEAD_BYTES - budget));
  }

  private static Header header(String line) throws MalformedMessage {
    int colon = line.indexOf(':');
    if (colon < 1
        || line.charAt(0) <= ' '
        || line.charAt(colon - 1) <= ' '
        || line.indexOf('\r') >= 0) {
      throw new MalformedMessage(400, "not a header: " + line);
    }
    return new Header(line.substring(0, colon), line.substring(colon + 1).strip());
  }

  private String line(int most) throws IOException {
    @Nullable ByteArrayOutputStream spill =
        null; // only for the rare line that does not lie in the buffer whole
    while (true) {
      for (int at = position; at < limit; at++) {
        if (buffer[at] == '\n') {
          String line = text(spill, at);
          position = at + 1;
          if (line.length() > most) {
            throw tooLong();
          }
          return line;
        }
      }
      if (spill == null) {
        spill = new ByteArrayOutputStream();
      }
      spill.write(buffer, position, limit - position);
      position = limit;
      if (spill.size() > most) {
        throw tooLong();
      }
      if (!fill()) {
        throw new EOFException("the peer closed in the middle of a line");
      }
    }
  }

  private String text(@Nullable ByteArrayOutputStream spill, int end) {
    String line = new String(buffer, position, end - position, ISO_8859_1);
    if (spill != null) {
      line = spill.toString(ISO_8859_1) + line;
    }
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  private static MalformedMessage tooLong() {
    return new MalformedMessage(431, "head longer than " + MAX_HEAD_BYTES + " bytes");
  }

  /** Feeds a whole body to the sink, without its chunk lines; trailers are read and dropped. */
  void body(Framing framing, Sink sink) throws IOException {
    switch (framing) {
      case Framing.Fixed(long bytes) -> fixed(bytes, sink);
      case Framing.Chunked() -> chunked(sink);
      case Framing.UntilClose() -> untilClose(sink);
    }
  }

  private void fixed(long bytes, Sink sink) throws IOException {
    for (long left = bytes; left > 0; ) {
      if (position == limit && !fill()) {
        throw new EOFException("the peer closed with " + left + " bytes of the body missing");
      }
      int count = (int) Math.min(left, limit - position);
      sink.accept(buffer, position, count);
      position += count;
      left -= count;
    }
  }

  private void chunked(Sink sink) throws IOException {
    for (long size = chunkSize(); size > 0; size = chunkSize()) {
      fixed(size, sink);
      int end = octet();
      if ((end == '\r' ? octet() : end) != '\n') {
        throw new MalformedMessage(400, "a chunk longer than announced");
      }
    }
    int budget = MAX_HEAD_BYTES;
    for (String trailer = line(budget); !trailer.isEmpty(); trailer = line(budget)) {
      budget -= trailer.length() + 2;
    }
  }

  private long chunkSize() throws IOException {
    String line = line(MAX_CHUNK_LINE_BYTES);
    int end = line.indexOf(';');
    String size = (end < 0 ? line : line.substring(0, end)).strip();
    if (!CHUNK_SIZE.matcher(size).matches()) {
      throw new MalformedMessage(400, "not a chunk size: " + line);
    }
    return Long.parseLong(size, 16);
  }

  /** Feeds whatever comes to the sink until the peer says it is done. */
  void untilClose(Sink sink) throws IOException {
    while (position < limit || fill()) {
      int from = position;
      position = limit;
      sink.accept(buffer, from, limit - from);
    }
  }

  /**
   * Takes the body along when all of it has arrived already, so that a small message can be passed
   * on in one write.
   */
  Optional<byte[]> withBody(byte[] head, Framing framing) {
    if (!(framing instanceof Framing.Fixed(long bytes)) || bytes > limit - position) {
      return Optional.empty();
    }
    byte[] whole = Arrays.copyOf(head, head.length + (int) bytes);
    System.arraycopy(buffer, position, whole, head.length, (int) bytes);
    position += (int) bytes;
    return Optional.of(whole);
  }

  /** One byte as an unsigned number. */
  int octet() throws IOException {
    if (position == limit && !fill()) {
      throw new EOFException("the peer closed in the middle of a message");
    }
    return buffer[position++] & 0xff;
  }

  byte[] octets(int count) throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream(count);
    fixed(count, octets::write);
    return octets.toByteArray();
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }
}
