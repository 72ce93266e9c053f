package dev.belay.testkit.llm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belay.testkit.Header;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Turns answers into bytes. For one thread. */
final class Renderer {
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] NONSENSE = "{\"id\": \"test\", \"choices\": [{]}".getBytes(US_ASCII);
  private static final Header JSON = new Header("Content-Type", "application/json");

  private final Rendering.Key key;
  private final Voice voice;

  Renderer(Rendering.Key key) {
    this.key = key;
    this.voice = Voice.of(key.dialect());
  }

  Rendering completion(Completion completion) {
    return key.prompt().mode() == Prompt.Mode.WHOLE ? whole(completion) : stream(completion);
  }

  private Rendering whole(Completion completion) {
    Completion.Parts parts = completion.parts();
    byte[] good = Json.text(voice.whole(completion, key.prompt())).getBytes(UTF_8);
    byte[] body =
        switch (parts.dress().shape()) {
          case WHOLE -> good;
          case INVALID -> NONSENSE;
          case TRUNCATED -> Arrays.copyOf(good, good.length / 2);
          case EMPTY -> new byte[0];
        };
    return message(200, headers(parts, "application/json"), body);
  }

  private static List<Header> headers(Completion.Parts parts, String type) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Content-Type", parts.dress().contentType().orElse(type)));
    headers.addAll(parts.dress().headers());
    return headers;
  }

  /** An error, said at that instant. */
  Rendering fault(Fault fault, Instant now) {
    Wording wording = voice.wording(fault);
    List<Header> headers = new ArrayList<>();
    if (fault.headers().stream().noneMatch(header -> header.named("Content-Type"))) {
      headers.add(JSON);
    }
    fault.hint().ifPresent(hint -> headers.addAll(Hints.headers(hint, key.dialect(), now)));
    headers.addAll(fault.headers());
    String body =
        fault.words().get(Fault.Word.BODY).orElseGet(() -> Json.text(voice.error(wording, fault)));
    return message(wording.status(), headers, body.getBytes(UTF_8));
  }

  /** Any message with a body of that length. */
  Rendering message(int status, List<Header> headers, byte[] body) {
    String head = head(status, headers, Optional.of(body.length));
    return new Rendering(
        List.of(new Template(join(head.getBytes(ISO_8859_1), body))),
        key.peer().keeps() ? Rendering.End.KEEP : Rendering.End.CLOSE);
  }

  private String head(int status, List<Header> headers, Optional<Integer> length) {
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(status).append(status < 400 ? " OK\r\n" : " Error\r\n");
    for (Header header : headers) {
      head.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    // The head is Latin-1, and the place for the number is not: its bytes are put in as characters.
    String place = new String(Voice.ID.getBytes(UTF_8), ISO_8859_1);
    head.append(voice.idHeader()).append(": req_").append(place).append("\r\n");
    if (length.isPresent()) {
      head.append("Content-Length: ").append(length.get()).append("\r\n");
    } else if (!key.peer().old()) {
      head.append("Transfer-Encoding: chunked\r\n");
    }
    if (!key.peer().keeps()) {
      head.append("Connection: close\r\n");
    } else if (key.peer().old()) {
      head.append(length.isPresent() ? "Connection: keep-alive\r\n" : "Connection: close\r\n");
    }
    return head.append("\r\n").toString();
  }

  private Rendering stream(Completion completion) {
    Completion.Parts parts = completion.parts();
    List<Frame> frames =
        switch (parts.dress().shape()) {
          case WHOLE -> broken(voice.frames(completion, key.prompt()), parts.broken());
          case INVALID ->
              List.of(new Frame("data: " + new String(NONSENSE, US_ASCII) + "\n\n", false));
          case TRUNCATED -> truncated(voice.frames(completion, key.prompt()));
          case EMPTY -> List.of();
        };
    String type =
        key.prompt().mode() == Prompt.Mode.LIST
            ? "application/json"
            : "text/event-stream; charset=utf-8";
    byte[] head = head(200, headers(parts, type), Optional.empty()).getBytes(ISO_8859_1);
    Rendering.End end = end(parts);
    return new Rendering(pieces(head, frames, parts, end), end);
  }

  private List<Frame> broken(List<Frame> frames, Completion.Break broken) {
    if (broken.after() == Long.MAX_VALUE) {
      return frames;
    }
    int cut = cut(frames, broken.after());
    List<Frame> kept = new ArrayList<>(frames.subList(0, cut));
    switch (broken.kind()) {
      case RESET, CLOSE, DROP, SILENCE -> {}
      case GARBAGE -> {
        kept.add(new Frame("data: {\"id\": ~~garbage~~\n\n", false));
        kept.addAll(frames.subList(cut, frames.size()));
      }
      case ERROR ->
          broken
              .fault()
              .ifPresent(fault ->
                  kept.addAll(voice.errorFrames(voice.wording(fault), fault, key.prompt(), cut)));
    }
    return kept;
  }

  /** Before the content that is one too many; or after all of it, before the end is told. */
  private static int cut(List<Frame> frames, long contents) {
    long seen = 0;
    int afterLast = 0;
    for (int i = 0; i < frames.size(); i++) {
      if (frames.get(i).content()) {
        if (seen == contents) {
          return i;
        }
        seen++;
        afterLast = i + 1;
      }
    }
    return afterLast;
  }

  /** Ends in the middle of a piece of content. */
  private static List<Frame> truncated(List<Frame> frames) {
    int contents = (int) frames.stream().filter(Frame::content).count();
    int cut = cut(frames, contents / 2);
    List<Frame> kept = new ArrayList<>(frames.subList(0, cut));
    kept.add(frames.get(cut).half());
    return kept;
  }

  private Rendering.End end(Completion.Parts parts) {
    boolean breaks =
        parts.dress().shape() == Completion.Shape.WHOLE && parts.broken().after() != Long.MAX_VALUE;
    Completion.Break.Kind kind = breaks ? parts.broken().kind() : Completion.Break.Kind.CLOSE;
    return switch (kind) {
      case RESET -> Rendering.End.RESET;
      case SILENCE -> Rendering.End.SILENCE;
      case DROP -> Rendering.End.CLOSE;
      case CLOSE, ERROR, GARBAGE ->
          key.peer().keeps() && !key.peer().old() ? Rendering.End.KEEP : Rendering.End.CLOSE;
    };
  }

  /** One piece where nothing keeps them apart, else one for each frame. */
  private List<Template> pieces(
      byte[] head, List<Frame> frames, Completion.Parts parts, Rendering.End end) {
    boolean dropped =
        parts.dress().shape() == Completion.Shape.WHOLE
            && parts.broken().after() != Long.MAX_VALUE
            && parts.broken().kind() == Completion.Break.Kind.DROP;
    boolean ends =
        !key.peer().old() && !dropped && (end == Rendering.End.KEEP || end == Rendering.End.CLOSE);
    List<byte[]> pieces = new ArrayList<>();
    pieces.add(head);
    frames.forEach(frame -> pieces.add(key.peer().old() ? frame.bytes() : chunk(frame.bytes())));
    if (ends) {
      int last = pieces.size() - 1;
      pieces.set(last, join(pieces.get(last), LAST_CHUNK));
    }
    return parts.pace().between().isZero()
        ? List.of(new Template(join(pieces.toArray(new byte[0][]))))
        : pieces.stream().map(Template::new).toList();
  }

  private static byte[] chunk(byte[] bytes) {
    byte[] size = Integer.toHexString(bytes.length).getBytes(US_ASCII);
    return join(size, LINE_END, bytes, LINE_END);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
