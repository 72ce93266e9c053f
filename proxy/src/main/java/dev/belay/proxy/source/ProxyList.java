package dev.belay.proxy.source;

import dev.belay.proxy.UpstreamPool.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What was read from a list of proxies. Immutable; what it says of refused lines holds no secret.
 *
 * <p>The form is found out: JSON if it starts like it, CSV if the first line names columns,
 * otherwise text. In text each line is a URL with user and password percent-encoded, or {@code
 * host:port}, {@code host:port:user:password} or {@code user:password@host:port} with both as they
 * are; an IPv6 address stands in brackets. Only the first word of a line counts; what begins with
 * {@code #}, {@code ;} or {@code //} is a comment. CSV and JSON know {@code url} or {@code proxy},
 * or {@code host} ({@code ip}, {@code address}, {@code server}) and {@code port}, and besides
 * {@code scheme} ({@code protocol}, {@code protocols}, {@code type}), {@code user} ({@code
 * username}, {@code login}), {@code password} ({@code pass}), {@code country}, {@code region},
 * {@code tags}, {@code weight}, {@code cost}; other fields are ignored.
 *
 * @param format what form it had
 * @param entries the proxies in order, each once
 * @param duplicates how many were left out because they were there already
 * @param refusedCount how many could not be read or are not allowed
 * @param refused the first of these, at most 100
 */
public record ProxyList(
    ListFormat format,
    List<Entry> entries,
    int duplicates,
    int refusedCount,
    List<Refused> refused) {

  /** The largest list that is read, in bytes. */
  public static final int MOST_BYTES = 10 * 1024 * 1024;

  /** The most lines, or items, that a list may have. */
  public static final int MOST_LINES = 100_000;

  /** Keeps copies. */
  public ProxyList {
    entries = List.copyOf(entries);
    refused = List.copyOf(refused);
  }

  /**
   * A line that was not taken.
   *
   * @param place {@code line 12}, or {@code item 3, line 7}
   * @param reason why not, for people
   */
  public record Refused(String place, String reason) {}

  /**
   * Reads a list.
   *
   * @throws ListRefused if it is too large, has too many lines, is no text in UTF-8, or starts like
   *     JSON and is none
   */
  public static ProxyList read(byte[] bytes, ListRules rules) {
    if (bytes.length > MOST_BYTES) {
      throw new ListRefused("the list is larger than 10 MB");
    }
    String text = text(bytes);
    Harvest harvest = new Harvest(rules);
    String start = text.stripLeading();
    if (JsonItems.isJson(start)) {
      JsonItems.read(text, harvest);
      return harvest.list(ListFormat.JSON);
    }
    return CsvRows.read(text, harvest)
        ? harvest.list(ListFormat.CSV)
        : TextLines.read(text, harvest).list(ListFormat.TEXT);
  }

  private static String text(byte[] bytes) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      if (text.chars().anyMatch(ProxyList::isBinary)) {
        throw new ListRefused("the list is binary");
      }
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new ListRefused("the list is no text in UTF-8");
    }
  }

  private static boolean isBinary(int c) {
    return (c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7f;
  }
}
