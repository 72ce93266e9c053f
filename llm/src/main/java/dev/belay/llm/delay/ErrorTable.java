package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import dev.belay.Hint;
import dev.belay.http.RateAdvice;
import dev.belay.http.RateHints;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import dev.belay.llm.provider.ErrorReader;
import dev.belay.llm.provider.WireError;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the errors of providers mean, as a list of rows of which the first that matches holds. The
 * built-in rows come from a file of data with a version of its own; a user's rows come before them.
 * Immutable, safe for any number of threads.
 */
public final class ErrorTable implements ErrorReader {
  private final String version;
  private final List<ErrorRow> rows;

  private ErrorTable(String version, List<ErrorRow> rows) {
    this.version = requireNonNull(version, "version");
    this.rows = List.copyOf(rows);
  }

  /** The rows that come with this library. */
  public static ErrorTable builtIn() {
    return ErrorFile.builtIn();
  }

  /**
   * Reads rows from JSON, in the form of the built-in file.
   *
   * @throws IllegalArgumentException that names the row and what is wrong with it
   */
  public static ErrorTable parse(String json) {
    return ErrorFile.parse(json);
  }

  static ErrorTable of(String version, List<ErrorRow> rows) {
    return new ErrorTable(version, rows);
  }

  /** The same with other rows before its own. */
  public ErrorTable with(List<ErrorRow> own) {
    return new ErrorTable(version, Stream.concat(own.stream(), rows.stream()).toList());
  }

  /** The version of the data, a date. */
  public String version() {
    return version;
  }

  /** All rows, in the order in which they are tried. */
  public List<ErrorRow> rows() {
    return rows;
  }

  /**
   * An error, judged.
   *
   * @param error what it comes down to, with the hint in full
   * @param remedy what to do about it, for people; may be empty
   * @param advice all that the answer says on waits and allowances
   */
  public record Judgement(ProviderError error, String remedy, RateAdvice advice) {
    /** Rejects null. */
    public Judgement {
      requireNonNull(error, "error");
      requireNonNull(remedy, "remedy");
      requireNonNull(advice, "advice");
    }
  }

  /** For a provider that is not known, rows for certain providers count as well. */
  @Override
  public ProviderError read(String provider, WireError error, Instant arrived) {
    return judge(provider, error, arrived).error();
  }

  /**
   * Judges, and tells all there is to tell.
   *
   * @param provider the user's word for it; empty if not known
   * @param arrived the wall clock when the answer came
   */
  public Judgement judge(String provider, WireError error, Instant arrived) {
    RateAdvice advice =
        RateHints.read(
            RateHints.Reply.of(name -> error.headers().all(name), arrived)
                .withBody(error.quota().retryDelay(), error.message()));
    for (ErrorRow row : rows) {
      if (row.match().holds(provider, error)) {
        return judged(error, row.kind(), advice, row);
      }
    }
    return new Judgement(
        result(error, byStatus(error.status()), advice.hintInFull(), advice), "", advice);
  }

  private static Judgement judged(
      WireError error, ErrorKind kind, RateAdvice advice, ErrorRow row) {
    boolean silent = !advice.isSaid() && row.pause().isPositive();
    Hint hint = silent ? Hint.after(row.pause(), "table: " + kind) : advice.hintInFull();
    return new Judgement(result(error, kind, hint, advice), row.remedy(), advice);
  }

  private static ProviderError result(
      WireError error, ErrorKind kind, Hint hint, RateAdvice advice) {
    return new ProviderError(
        kind,
        error.status(),
        error.code().isEmpty() ? error.type() : error.code(),
        error.message(),
        error.requestId(),
        hint,
        advice.again());
  }

  /** For statuses of which no row knows, which are not many. */
  private static ErrorKind byStatus(int status) {
    return status >= 400 && status < 500 ? ErrorKind.INVALID_REQUEST : ErrorKind.SERVER_ERROR;
  }
}
