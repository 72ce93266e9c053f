package dev.belay.chaos.inject;

import dev.belay.Check;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Paths that no fault may strike, with all below them. Servers read one path in many ways: they
 * decode it, drop slashes and dots, and do not care for case, in an order of their own. So one that
 * is written in an unusual way is taken for a spared one whenever any of these ways might lead
 * there. Safe for any number of threads.
 */
public final class SparedPaths {
  /** None. */
  public static final SparedPaths NONE = new SparedPaths(List.of());

  /** Whoever decodes a path more often than this has something to hide. */
  private static final int MOST_DECODINGS = 8;

  /** What may stand in a path that all servers read alike; see also {@link #isPlain}. */
  private static final String PLAIN = "/-._~!$&'()*+,=:@";

  private static final char DELETE = 0x7f;

  private final List<Spared> all;

  /**
   * One path.
   *
   * @param segments its names, folded
   * @param plain the same as one text
   */
  private record Spared(List<String> segments, String plain) {}

  private SparedPaths(List<Spared> all) {
    this.all = all;
  }

  /**
   * Some paths.
   *
   * @param paths each beginning with a slash and without dots for names; {@code /} is all there is
   */
  public static SparedPaths of(List<String> paths) {
    return new SparedPaths(paths.stream().map(SparedPaths::spared).toList());
  }

  private static Spared spared(String path) {
    Check.that(path.startsWith("/"), "protected path must begin with /, was %s", path);
    String text = withoutQuery(path);
    for (int i = 0; i < MOST_DECODINGS && text.indexOf('%') >= 0; i++) {
      text =
          decoded(text)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "protected path must have %%XX for bytes of UTF-8 only, was %s"
                          .formatted(path)));
    }
    List<String> segments = segments(folded(text));
    Check.that(
        !segments.contains("..") && !segments.contains("."),
        "protected path must be without . and .. between slashes, was %s",
        path);
    return new Spared(segments, "/" + String.join("/", segments));
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return all.isEmpty();
  }

  /**
   * Whether a request may be for one of these paths or for something below it. Letters count
   * without case, and what only begins like one, such as {@code /healthz} like {@code /health},
   * counts as well.
   *
   * @param target as it is sent, with its query
   */
  public boolean cover(String target) {
    if (all.isEmpty()) {
      return false;
    }
    String path = withoutQuery(target);
    if (path.chars().anyMatch(one -> one <= ' ' || one > '~')) {
      return true; // no path may be sent so
    }
    return isPlain(path) ? all.stream().anyMatch(one -> begins(path, one)) : mayLead(path);
  }

  private static boolean begins(String path, Spared spared) {
    String wanted = spared.plain();
    return path.regionMatches(true, 0, wanted, 0, wanted.length());
  }

  /**
   * Whether requests whose path begins so may be for one of these paths.
   *
   * @param prefix what a fault means by itself
   */
  public boolean touch(String prefix) {
    return cover(prefix)
        || all.stream()
            .anyMatch(one -> one.plain().regionMatches(true, 0, prefix, 0, prefix.length()));
  }

  private static String withoutQuery(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** Whether all servers agree on what a path means. */
  private static boolean isPlain(String path) {
    char before = 0;
    for (int i = 0; i < path.length(); i++) {
      char one = path.charAt(i);
      boolean doubled = before == '/' && (one == '/' || one == '.');
      if (doubled || (!Character.isLetterOrDigit(one) && PLAIN.indexOf(one) < 0)) {
        return false;
      }
      before = one;
    }
    return path.startsWith("/");
  }

  /**
   * Whatever a server does to a path takes names away: those that are empty or dots, and those
   * before two dots. So the names of a spared path that it may end up at are there in their order,
   * in one of the texts that decoding comes to.
   */
  private boolean mayLead(String path) {
    String text = path;
    for (int i = 0; i <= MOST_DECODINGS; i++) {
      text = folded(text);
      if (text.chars().anyMatch(one -> one < ' ' || one == DELETE) || names(text)) {
        return true;
      }
      if (text.indexOf('%') < 0) {
        return false;
      }
      Optional<String> next = decoded(text);
      if (next.isEmpty()) {
        return true;
      }
      text = next.get();
    }
    return true;
  }

  private boolean names(String text) {
    List<String> there = segments(text);
    return all.stream().anyMatch(one -> isWithin(one.segments(), there));
  }

  /** Whether names are among others in their order; each may be the beginning of one. */
  private static boolean isWithin(List<String> names, List<String> others) {
    int found = 0;
    for (String other : others) {
      if (found < names.size() && other.startsWith(names.get(found))) {
        found++;
      }
    }
    return found == names.size();
  }

  private static List<String> segments(String text) {
    List<String> segments = new ArrayList<>();
    for (String segment : text.split("[/\\\\]", -1)) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return segments;
  }

  /** Without case, and with simple letters for those that look alike. */
  private static String folded(String text) {
    StringBuilder folded = new StringBuilder(Normalizer.normalize(text, Normalizer.Form.NFKD));
    for (int i = 0; i < folded.length(); i++) {
      folded.setCharAt(i, Character.toLowerCase(Character.toUpperCase(folded.charAt(i))));
    }
    return folded.toString();
  }

  /** The same without one layer of escapes; nothing if that is no text. */
  private static Optional<String> decoded(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(3 * text.length());
    int at = 0;
    while (at < text.length()) {
      if (text.charAt(at) == '%') {
        int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        int low = at + 2 < text.length() ? Character.digit(text.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        bytes.put((byte) (high * 16 + low));
        at += 3;
      } else {
        int end = text.indexOf('%', at);
        int to = end < 0 ? text.length() : end;
        bytes.put(text.substring(at, to).getBytes(StandardCharsets.UTF_8));
        at = to;
      }
    }
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
    } catch (CharacterCodingException broken) {
      return Optional.empty();
    }
  }
}
