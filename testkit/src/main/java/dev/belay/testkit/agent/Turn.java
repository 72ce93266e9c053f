package dev.belay.testkit.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a fake agent does in one call, step by step; it ends after the last one, without a fault.
 * Immutable.
 */
public final class Turn {
  private static final String FOREVER = "86400";
  private static final String OPENING = "opening\n";
  private static final String FLOOD = "yes %s | head -c %d";
  private static final int FLOOD_LINE = 79;

  private final List<Function<Tongue, String>> steps;

  private Turn(List<Function<Tongue, String>> steps) {
    this.steps = List.copyOf(steps);
  }

  /** Nothing yet: an agent that ends at once, without a word. */
  public static Turn begin() {
    return new Turn(List.of());
  }

  /** Answers. */
  public static Turn answering(String text) {
    return begin().answer(text);
  }

  private Turn then(Function<Tongue, String> step) {
    List<Function<Tongue, String>> more = new ArrayList<>(steps);
    more.add(step);
    return new Turn(more);
  }

  private Turn then(String step) {
    return then(tongue -> step);
  }

  String script(Tongue tongue) {
    return steps.stream().map(step -> step.apply(tongue)).collect(Collectors.joining());
  }

  /** Gives its answer, which used up nothing. */
  public Turn answer(String text) {
    return answer(text, 0, 0, 0);
  }

  /** Gives its answer, and says what it used up: US dollars and tokens in both directions. */
  public Turn answer(String text, double cost, long in, long out) {
    return then(tongue -> OPENING + tongue.answer(text, cost, in, out));
  }

  /** Says something on the way. Only goose does not. */
  public Turn say(String text) {
    return then(tongue -> OPENING + tongue.say(text));
  }

  /** Writes a line as it is on its standard output. */
  public Turn line(String text) {
    return then(Shell.line(text));
  }

  /** Writes bytes as they are on its standard output. */
  public Turn bytes(byte... bytes) {
    return then(Shell.bytes(bytes));
  }

  /** Writes a line on its standard error. */
  public Turn complain(String text) {
    return then(Shell.complain(text));
  }

  /** Does nothing for a while. */
  public Turn pause(Duration time) {
    return then("sleep " + Shell.seconds(time) + "\n");
  }

  /** Writes that many bytes, in lines of 80, on its standard output. */
  public Turn flood(long bytes) {
    return then(FLOOD.formatted("x".repeat(FLOOD_LINE), bytes) + "\necho\n");
  }

  /** The same on its standard error. */
  public Turn floodComplaints(long bytes) {
    return then(FLOOD.formatted("x".repeat(FLOOD_LINE), bytes) + " >&2\n");
  }

  /** Says that it could not do it, and ends. */
  public Turn fail(String text) {
    return then(tongue -> OPENING + tongue.fail(text));
  }

  /** Has used up its allowance, says until when in a field made for it, and ends. */
  public Turn limit(Instant until) {
    return then(tongue -> OPENING + tongue.limit(until));
  }

  /** Says in a sentence for people that it has used up its allowance, and ends. */
  public Turn limit(String sentence) {
    return then(tongue -> OPENING + tongue.limit(sentence));
  }

  /** Refuses its session since that is used already, and ends. */
  public Turn sessionInUse() {
    return then(Tongue::sessionInUse);
  }

  /** Does not know the session that is to be carried on, and ends. */
  public Turn noSuchSession() {
    return then(Tongue::noSuchSession);
  }

  /** Does not understand an argument, and ends. */
  public Turn unknownFlag(String flag) {
    return then(tongue -> tongue.unknownFlag(flag));
  }

  /** Ends. */
  public Turn exit(int code) {
    return then("exit " + code + "\n");
  }

  /** Dies of a signal: {@code KILL}, say. */
  public Turn dieOf(String signal) {
    return then("kill -" + signal + " $$\n");
  }

  /** Does not end when it is told to, but only when it is killed; nor do those it starts later. */
  public Turn stubborn() {
    return then("trap '' TERM\n");
  }

  /** Never says anything more, and never ends. */
  public Turn hang() {
    return then("sleep " + FOREVER + "\nsleep " + FOREVER + "\n");
  }

  /** Says the same again and again, and never ends. */
  public Turn hangTalking(Duration every) {
    return then(tongue ->
        "while :; do\n"
            + OPENING
            + Shell.line("still busy")
            + "sleep "
            + Shell.seconds(every)
            + "\ndone\n");
  }

  /**
   * Starts something that does not end when told to, whose parent is gone, and that holds the
   * pipes. Its number is in the journal.
   */
  public Turn leaveBehind() {
    return then(
        "(sh -c 'trap \"\" TERM; sleep " + FOREVER + "' & echo $! >> \"$here/processes\")\n");
  }
}
