package dev.belay.server.api;

import dev.belay.flow.BackendSettings;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Spend;
import dev.belay.flow.backend.AgentCall;
import dev.belay.flow.backend.AgentException;
import dev.belay.flow.backend.AgentListener;
import dev.belay.flow.backend.AgentReply;
import dev.belay.flow.backend.Backend;
import dev.belay.flow.backend.UsageLimit;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** An agent within the test, whose prompts say what it is to do. Safe for any number of threads. */
final class TestAgent implements Backend {
  private final BackendSettings settings;
  private final Map<String, CountDownLatch> gates;

  private TestAgent(BackendSettings settings, Map<String, CountDownLatch> gates) {
    this.settings = settings;
    this.gates = gates;
  }

  /** Agents of one test, which wait at gates of it. */
  static final class Crew {
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    /** One of the type {@code claude}; there are no others. */
    Backend agent(BackendSettings settings) {
      if (!settings.type().equals("claude")) {
        throw new IllegalArgumentException("only claude works here");
      }
      return new TestAgent(settings, gates);
    }

    /** Lets those through that wait at a gate. */
    void open(String gate) {
      gate(gates, gate).countDown();
    }
  }

  private static CountDownLatch gate(Map<String, CountDownLatch> gates, String name) {
    return gates.computeIfAbsent(name, none -> new CountDownLatch(1));
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
    String[] words = call.prompt().strip().lines().findFirst().orElse("").split(" ", 2);
    String rest = words.length > 1 ? words[1] : "";
    listener.line("told to " + words[0]);
    return switch (words[0]) {
      case "wait" -> {
        gate(gates, rest).await();
        yield reply("waited for " + rest);
      }
      case "fail" -> throw new AgentException(OutcomeClass.AGENT_FAILED, "cannot " + rest);
      case "rest" ->
          throw new AgentException(
              OutcomeClass.RATE_LIMITED,
              "used up",
              Optional.of(
                  new UsageLimit(
                      Instant.parse("2999-01-01T00:00:00Z"), UsageLimit.Source.EVENT, rest)),
              Spend.NONE);
      case "ask" -> reply("QUESTION: " + rest);
      case "talk" -> {
        for (int i = 0; i < Integer.parseInt(rest); i++) {
          listener.line("line " + i);
        }
        yield reply("talked");
      }
      case "shout" -> { // more than the buffers of a connection hold
        String line = "x".repeat(AgentListener.LONGEST_LINE);
        for (int i = 0; i < Integer.parseInt(rest); i++) {
          listener.line(line);
        }
        yield reply("shouted");
      }
      default -> reply("did " + words[0]);
    };
  }

  private static AgentReply reply(String text) {
    return new AgentReply(text, Optional.empty(), new Spend(0.5, 10, 5));
  }
}
