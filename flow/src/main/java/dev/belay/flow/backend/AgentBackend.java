package dev.belay.flow.backend;

import dev.belay.Deadline;
import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Spend;
import dev.belay.flow.backend.Dialect.Conversation;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The command line of an agent, which is started once for each attempt. */
final class AgentBackend implements Backend {
  /** A conversation may turn out to be in use, and then not to be there after all. */
  private static final int MOST_STARTS = 3;

  private static final Pattern IN_USE = Pattern.compile("(?i)session\\b.{0,100}already in use");
  private static final Pattern NOT_THERE =
      Pattern.compile(
          "(?i)no (?:such )?(?:conversation|session|rollout|thread)\\b.{0,40}?found"
              + "|no such session|(?:session|conversation|thread)\\b.{0,100}?not found");

  private final BackendSettings settings;
  private final Dialect dialect;
  private final AgentProgram program;
  private final CliFailures failures;
  private final Time time;

  AgentBackend(BackendSettings settings, Dialect dialect, Time time) {
    this.settings = settings;
    this.dialect = dialect;
    this.time = time;
    List<String> prefix =
        settings.command().isEmpty() ? List.of(dialect.program()) : settings.command();
    this.program = new AgentProgram(settings, prefix, "; " + dialect.install(), time);
    this.failures =
        new CliFailures(
            settings.name(), dialect.login(), Words.without(settings.environment().values()));
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public String account() {
    return settings.account();
  }

  @Override
  public AgentReply send(AgentCall call, AgentListener listener)
      throws AgentException, InterruptedException {
    Deadline deadline = Deadline.in(call.timeout(), time);
    Conversation conversation =
        call.session().map(id -> new Conversation(Optional.of(id), true)).orElseGet(dialect::fresh);
    Spend spend = Spend.NONE;
    for (int start = 1; ; start++) {
      conversation.id().ifPresent(listener::session);
      Speech speech = dialect.speech(listener);
      AgentProgram.Exit exit =
          program.run(
              dialect.arguments(
                  call, conversation, call.model().or(settings::model), settings.args()),
              dialect.input(call),
              call,
              deadline,
              speech::line);
      spend = spend.plus(speech.spend());
      Optional<Conversation> other = other(conversation, speech, exit);
      if (other.isEmpty() || start == MOST_STARTS) {
        return conclude(conversation, speech, exit, spend);
      }
      conversation = other.get();
    }
  }

  /** The conversation to be had instead, if the agent will not have this one. */
  private Optional<Conversation> other(
      Conversation conversation, Speech speech, AgentProgram.Exit exit) {
    boolean refused = exit.late().isEmpty() && (speech.trouble().isPresent() || exit.code() != 0);
    if (!refused) {
      return Optional.empty();
    }
    String said = exit.complaints() + "\n" + speech.trouble().map(Speech.Trouble::words).orElse("");
    if (conversation.exists()) {
      return NOT_THERE.matcher(said).find() ? Optional.of(dialect.fresh()) : Optional.empty();
    }
    return IN_USE.matcher(said).find()
        ? Optional.of(new Conversation(conversation.id(), true))
        : Optional.empty();
  }

  private AgentReply conclude(
      Conversation conversation, Speech speech, AgentProgram.Exit exit, Spend spend)
      throws AgentException {
    if (exit.late().isPresent()) {
      throw new AgentException(
          OutcomeClass.TIMEOUT,
          "%s %s and was ended".formatted(settings.name(), exit.late().get()),
          Optional.empty(),
          spend);
    }
    if (exit.code() != 0 || speech.trouble().isPresent() || speech.answer().isEmpty()) {
      throw failures.of(exit, speech, spend, time.instant());
    }
    return new AgentReply(
        Answer.bounded(speech.answer().get()), speech.session().or(conversation::id), spend);
  }

  @Override
  public String toString() {
    return settings.name();
  }
}
