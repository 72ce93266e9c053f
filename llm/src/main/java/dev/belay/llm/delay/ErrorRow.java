package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.provider.WireError;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * One piece of knowledge of the errors of providers: what it looks like, and what it comes down to.
 * Immutable.
 *
 * @param match what it looks like
 * @param kind what it comes down to
 * @param remedy what to do about it, for people; empty if that is plain
 * @param pause how long to wait where the provider does not say; zero if the policy knows
 */
public record ErrorRow(Match match, ErrorKind kind, String remedy, Duration pause) {

  /** Rejects negative pauses. */
  public ErrorRow {
    requireNonNull(match, "match");
    requireNonNull(kind, "kind");
    requireNonNull(remedy, "remedy");
    Check.that(!pause.isNegative(), "pause must not be negative, was %s", pause);
  }

  /**
   * What an error looks like. Each list names alternatives, of which one must hold; an empty list
   * holds for all. Case makes no difference.
   *
   * @param providers the user's words for providers; a name is also met where it is a part between
   *     hyphens, so that {@code azure} stands for {@code azure-openai}
   * @param statuses of HTTP
   * @param codes the provider's code, type or reason, whole
   * @param quotas a part of the name of the limit that was met
   * @param texts a part of the message
   */
  public record Match(
      List<String> providers,
      List<Statuses> statuses,
      List<String> codes,
      List<String> quotas,
      List<String> texts) {

    /** Keeps copies in lower case. */
    public Match {
      providers = lower(providers);
      statuses = List.copyOf(statuses);
      codes = lower(codes);
      quotas = lower(quotas);
      texts = lower(texts);
    }

    /** Every error with one of these codes. */
    public static Match codes(String... codes) {
      return new Match(List.of(), List.of(), List.of(codes), List.of(), List.of());
    }

    private static List<String> lower(List<String> words) {
      return words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
    }

    boolean holds(String provider, WireError error) {
      return meets(provider)
          && (statuses.isEmpty() || statuses.stream().anyMatch(some -> some.has(error.status())))
          && (codes.isEmpty() || isAnyCode(error))
          && isPart(quotas, error.quota().quotaId())
          && isPart(texts, error.message());
    }

    private boolean meets(String provider) {
      String name = "-" + provider.toLowerCase(Locale.ROOT) + "-";
      return providers.isEmpty()
          || provider.isEmpty()
          || providers.stream().anyMatch(one -> name.contains("-" + one + "-"));
    }

    private boolean isAnyCode(WireError error) {
      return is(error.code()) || is(error.type()) || is(error.quota().reason());
    }

    private boolean is(String word) {
      return codes.contains(word.toLowerCase(Locale.ROOT));
    }

    private static boolean isPart(List<String> parts, String text) {
      String lower = text.toLowerCase(Locale.ROOT);
      return parts.isEmpty() || parts.stream().anyMatch(lower::contains);
    }
  }

  /**
   * Statuses in a row.
   *
   * @param first the lowest, 0 to 999
   * @param last the highest, at least {@code first}
   */
  public record Statuses(int first, int last) {
    /** Rejects what is no range of statuses. */
    public Statuses {
      Check.that(
          first >= 0 && first <= last && last <= 999,
          "status must be 0 to 999, lowest first, was %d-%d",
          first,
          last);
    }

    /** One. */
    public static Statuses of(int status) {
      return new Statuses(status, status);
    }

    boolean has(int status) {
      return first <= status && status <= last;
    }
  }
}
