package dev.belay.flow.backend;

import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Spend;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells from an agent's words and exit code how an attempt has failed. What it says in fields made
 * for it goes before its sentences, and those go before its exit code.
 */
final class CliFailures {
  private static final int SIGNALLED = 128;
  private static final int LAST_SIGNAL = 64;
  private static final int LOOKED_AT = 16 << 10;
  private static final int NO_COMMAND = 127;
  private static final int NOT_EXECUTABLE = 126;

  private static final Pattern WRONG_CALL =
      Pattern.compile(
          "(?i)(?:unknown|unexpected|unrecogni[sz]ed|invalid) (?:option|argument|flag|subcommand)"
              + "|\\busage: |required arguments? (?:was|were) not provided");

  /** What words mean. */
  private record Sign(Pattern words, OutcomeClass outcome) {}

  /** In order: the first that is found holds. */
  private static final List<Sign> SIGNS =
      List.of(
          new Sign(
              Pattern.compile("(?i)overloaded|\\b529\\b|\\b503\\b|at capacity|too many requests"),
              OutcomeClass.OVERLOADED),
          new Sign(
              Pattern.compile(
                  "(?i)not logged in|please (?:run|log ?in)|/login\\b"
                      + "|invalid.{0,5}(?:api|x-api).?key|unauthorized|authentication"
                      + "|\\b401\\b|\\b403\\b|token (?:has )?expired"
                      + "|run `?(?:codex login|goose configure)|permission denied"),
              OutcomeClass.AUTH),
          new Sign(
              Pattern.compile(
                  "(?i)(?:prompt|input|request) is too (?:long|large)|context (?:length|window)"
                      + "|maximum context|\\b413\\b"),
              OutcomeClass.INVALID_INPUT),
          new Sign(
              Pattern.compile(
                  "(?i)econn\\w+|etimedout|enotfound|eai_again|network|connection|socket"
                      + "|fetch failed|disconnected|timed out|\\b50[0-9]\\b"
                      + "|internal server error"),
              OutcomeClass.TRANSIENT));

  private final String name;
  private final String login;
  private final Words words;

  CliFailures(String name, String login, Words words) {
    this.name = name;
    this.login = login;
    this.words = words;
  }

  AgentException of(AgentProgram.Exit exit, Speech speech, Spend spend, Instant now) {
    Optional<Speech.Trouble> trouble = speech.trouble();
    String said = trouble.map(Speech.Trouble::words).orElse(exit.complaints());
    boolean byAgent = trouble.filter(Speech.Trouble::byAgent).isPresent();
    Optional<UsageLimit> limit =
        trouble
            .flatMap(Speech.Trouble::limit)
            .or(() -> byAgent ? Optional.empty() : UsageLimits.inText(said, now));
    OutcomeClass outcome =
        limit.isPresent() || (!byAgent && UsageLimits.isMeant(said))
            ? OutcomeClass.RATE_LIMITED
            : trouble.map(this::outcome).orElseGet(() -> outcome(exit));
    String told = trouble.isPresent() ? words.start(said) : words.end(said);
    return new AgentException(outcome, message(outcome, exit, told), limit, spend);
  }

  private OutcomeClass outcome(Speech.Trouble trouble) {
    if (trouble.status() >= HttpFailures.FIRST_ERROR) {
      return HttpFailures.outcome(trouble.status());
    }
    return trouble.byAgent()
        ? OutcomeClass.AGENT_FAILED
        : find(trouble.words()).orElse(OutcomeClass.AGENT_FAILED);
  }

  private static OutcomeClass outcome(AgentProgram.Exit exit) {
    if (isSignal(exit.code())) {
      return OutcomeClass.KILLED;
    }
    boolean wrong =
        exit.code() == NO_COMMAND
            || exit.code() == NOT_EXECUTABLE
            || (exit.code() != 0 && WRONG_CALL.matcher(exit.complaints()).find());
    return wrong ? OutcomeClass.CONFIG : find(exit.complaints()).orElse(OutcomeClass.TRANSIENT);
  }

  static boolean isSignal(int code) {
    return code > SIGNALLED && code <= SIGNALLED + LAST_SIGNAL;
  }

  private static Optional<OutcomeClass> find(String text) {
    int looked = Math.min(text.length(), LOOKED_AT);
    return SIGNS.stream()
        .filter(sign -> sign.words().matcher(text).region(0, looked).find())
        .map(Sign::outcome)
        .findFirst();
  }

  private String message(OutcomeClass outcome, AgentProgram.Exit exit, String told) {
    String what =
        switch (outcome) {
          case RATE_LIMITED -> "has used up its allowance";
          case OVERLOADED -> "is overloaded";
          case AUTH -> "is not logged in, or not allowed to; " + login;
          case CONFIG -> "cannot be called like this; check its command, arguments and version";
          case INVALID_INPUT -> "cannot take this task";
          case KILLED ->
              "was killed by somebody else, by signal %d".formatted(exit.code() - SIGNALLED);
          case AGENT_FAILED -> "says that it could not do it";
          case SUCCESS, TRANSIENT, TIMEOUT, CANCELLED ->
              exit.code() == 0
                  ? "gave no answer that can be read"
                  : "broke off with exit code %d".formatted(exit.code());
        };
    return "%s %s%s".formatted(name, what, told.isEmpty() ? "" : ": " + told);
  }
}
