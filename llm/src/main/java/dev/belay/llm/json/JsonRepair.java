package dev.belay.llm.json;

import dev.belay.llm.json.Repair.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads JSON as models write it: in fenced blocks, between words, with other quotes, without
 * quotes, with commas too many or too few, with comments, with Python's literals, or cut at the
 * end. Says for each repair where it was and what. What stands inside strings stays as it is.
 * Strict JSON comes back as it is, without repairs. Takes time in proportion to the text.
 * Immutable, safe for any number of threads.
 *
 * @param mostCharacters the longest text that is looked at, 1 or more
 * @param mostNested how deep objects and arrays may be nested, 1 to 200
 * @param nan what becomes of {@code NaN} and {@code Infinity}
 */
public record JsonRepair(int mostCharacters, int mostNested, NanPolicy nan) {

  /** Texts of up to 16 Mi characters, nested 200 deep, no {@code NaN}. */
  public static final JsonRepair DEFAULT = new JsonRepair(1 << 24, 200, NanPolicy.REJECT);

  /** How many places may turn out to be none; each costs a look at the text for its line. */
  private static final int MOST_FAILURES = 32;

  private static final int MOST_FENCES = 32;

  /** Rejects limits that are none. */
  public JsonRepair {
    if (mostCharacters < 1) {
      throw new IllegalArgumentException("mostCharacters must be 1 or more, was " + mostCharacters);
    }
    if (mostNested < 1 || mostNested > 200) {
      throw new IllegalArgumentException("mostNested must be 1 to 200, was " + mostNested);
    }
  }

  /** The same with another policy. */
  public JsonRepair withNan(NanPolicy policy) {
    return new JsonRepair(mostCharacters, mostNested, policy);
  }

  /** Where a value was found, and what had to be put right in it. */
  private record Candidate(Json json, int start, int end, RepairLog log) {
    int length() {
      return end - start;
    }
  }

  /**
   * The JSON in this text; of several, the first in a fenced block, else the longest.
   *
   * @throws JsonException if there is none, or it is broken in a way that leaves its meaning open
   */
  public Repaired read(String text) {
    if (text.length() > mostCharacters) {
      throw new JsonException(
          "it has %d characters, and may have %d".formatted(text.length(), mostCharacters), 1, 1);
    }
    Optional<Repaired> sound = sound(text);
    if (sound.isPresent()) {
      return sound.get();
    }
    Search search = new Search(text);
    List<Fence> fences = JsonFinder.fences(text);
    for (Fence fence : fences.subList(0, Math.min(MOST_FENCES, fences.size()))) {
      Optional<Candidate> found = search.within(fence.start(), fence.end());
      if (found.isPresent()) {
        Candidate best = found.get();
        noteFence(fence, best);
        return finished(text, best, fence.start(), fence.end());
      }
    }
    if (!fences.isEmpty()) {
      throw search.nothing();
    }
    Candidate best = search.within(0, text.length()).orElseThrow(search::nothing);
    return finished(text, best, 0, text.length());
  }

  /** Most texts need no repair at all; whether one is JSON is found out quickly. */
  private Optional<Repaired> sound(String text) {
    String value = text.strip();
    if (value.isEmpty() || value.charAt(0) == '`' || mostNested < JsonText.MOST_NESTED) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Repaired(Json.parseUnique(text), List.of(), 0));
    } catch (JsonException unsound) {
      return Optional.empty();
    }
  }

  private static void noteFence(Fence fence, Candidate best) {
    best.log.note(Kind.FENCE, fence.start(), "a fenced block around it");
    if (!fence.closed()) {
      best.log.note(Kind.TRUNCATED, fence.end(), "a fenced block without its end");
    }
  }

  private static Repaired finished(String text, Candidate best, int start, int end) {
    if (!text.substring(start, best.start).isBlank()) {
      best.log.note(Kind.PROSE, start, "words before it");
    }
    if (!text.substring(best.end, end).isBlank()) {
      best.log.note(Kind.PROSE, best.end, "words after it");
    }
    return new Repaired(best.json, best.log.repairs(), best.log.count());
  }

  /** Tries places one after the other; no character is read by two tries. */
  private final class Search {
    private final String text;
    private final List<JsonException> failures = new ArrayList<>();

    Search(String text) {
      this.text = text;
    }

    Optional<Candidate> within(int start, int end) {
      String upTo = text.substring(0, end);
      RepairText in = new RepairText(upTo, start, new RepairLog(upTo));
      int from = in.afterSpace(start);
      if (in.at(from) == '{' || in.at(from) == '[') {
        in.at = from;
        Optional<Candidate> whole = candidate(in, new RepairLog(upTo));
        if (whole.isEmpty()) {
          return whole; // a piece of it would not mean what it means
        }
        return amongWords(in, whole);
      }
      return amongWords(in, Optional.empty());
    }

    private Optional<Candidate> amongWords(RepairText in, Optional<Candidate> first) {
      Optional<Candidate> best = first;
      for (Optional<Integer> next = JsonFinder.next(in, in.at);
          next.isPresent() && failures.size() < MOST_FAILURES;
          next = JsonFinder.next(in, in.at)) {
        in.at = next.get();
        Optional<Candidate> found = candidate(in, new RepairLog(in.text));
        if (found.isPresent() && (best.isEmpty() || found.get().length() > best.get().length())) {
          best = found;
        }
      }
      return best;
    }

    /** What stands here; if it cannot be read, {@code in} goes on where that was found out. */
    private Optional<Candidate> candidate(RepairText in, RepairLog log) {
      int start = in.at;
      RepairText one = new RepairText(in.text, start, log);
      try {
        return new RepairParser(one, mostNested, nan)
            .value(RepairStrings.Role.ITEM)
            .map(value -> new Candidate(value, start, one.at, log));
      } catch (JsonException broken) {
        failures.add(broken);
        return Optional.empty();
      } finally {
        in.at = Math.max(start + 1, one.at);
      }
    }

    JsonException nothing() {
      return failures.isEmpty()
          ? new JsonException("there is no JSON in it", 1, 1)
          : failures.getFirst();
    }
  }
}
