package dev.belay.flow.backend;

import dev.belay.flow.Spend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Goose, by the JSON that it writes at its end, or by whatever it writes instead. */
final class Goose implements Dialect {
  private static final int NAME_DIGITS = 12;

  @Override
  public String program() {
    return "goose";
  }

  @Override
  public String install() {
    return "install goose and put it on the PATH";
  }

  @Override
  public String login() {
    return "set its provider and key by goose configure";
  }

  @Override
  public Conversation fresh() {
    String digits = UUID.randomUUID().toString().replace("-", "").substring(0, NAME_DIGITS);
    return new Conversation(Optional.of("belay-" + digits), false);
  }

  @Override
  public List<String> arguments(
      AgentCall call, Conversation conversation, Optional<String> model, List<String> more) {
    List<String> words = new ArrayList<>(List.of("run", "-q", "--output-format", "json"));
    if (conversation.exists()) {
      words.add("--resume");
    }
    conversation.id().ifPresent(id -> words.addAll(List.of("--name", id)));
    model.ifPresent(name -> words.addAll(List.of("--model", name)));
    words.addAll(more);
    words.addAll(List.of("--instructions", "-"));
    return words;
  }

  /** Its argument for standing instructions is not there in all versions, and bounded in length. */
  @Override
  public String input(AgentCall call) {
    return call.system().map(system -> system + "\n\n" + call.prompt()).orElse(call.prompt());
  }

  @Override
  public Speech speech(AgentListener listener) {
    return new Output(new Told(listener));
  }

  /** It is understood only at its end: an object may go over several lines. */
  private static final class Output implements Speech {
    private final Told told;
    private final StringBuilder raw = new StringBuilder();
    private final Answer contents = new Answer();
    private boolean ended;
    private Optional<Trouble> trouble = Optional.empty();
    private Spend spend = Spend.NONE;

    private Output(Told told) {
      this.told = told;
    }

    @Override
    public void line(String line) {
      int room = Math.max(0, Lines.LONGEST - raw.length());
      raw.append(line, 0, Math.min(room, line.length())).append('\n');
      if (!line.stripLeading().startsWith("{")) {
        told.line(line);
      }
    }

    /** One object, or an object on each line, or no JSON at all. */
    private void end() {
      if (!ended) {
        ended = true;
        String all = raw.toString();
        Json.object(all)
            .ifPresentOrElse(
                this::take,
                () -> all.lines().flatMap(line -> Json.object(line).stream()).forEach(this::take));
      }
    }

    private void take(JsonNode object) {
      JsonNode metadata = object.path("metadata");
      long out = Json.number(metadata, "output_tokens");
      long total = Math.max(Json.number(metadata, "total_tokens"), out);
      spend = spend.plus(new Spend(0, total - out, out));
      String said = said(object);
      if (!said.isEmpty()) {
        contents.append(contents.isEmpty() ? said : "\n" + said);
        told.text(said);
      }
      JsonNode error = object.path("error");
      String words = error.isString() ? error.stringValue() : Json.text(error, "message");
      if (!words.isEmpty()) {
        trouble = Optional.of(new Trouble(words, 0, false, Optional.empty()));
      }
    }

    /** The last thing that the agent said, of all that was said in the conversation. */
    private static String said(JsonNode object) {
      String said = Json.content(object.path("content"));
      for (JsonNode message : object.path("messages")) {
        String words = Json.content(message.path("content"));
        said = Json.text(message, "role").equals("assistant") && !words.isEmpty() ? words : said;
      }
      return said;
    }

    @Override
    public Optional<String> answer() {
      end();
      String answer = contents.isEmpty() ? raw.toString().strip() : contents.toString();
      return Optional.of(answer).filter(words -> !words.isEmpty());
    }

    @Override
    public Optional<Trouble> trouble() {
      end();
      return trouble;
    }

    @Override
    public Optional<String> session() {
      return Optional.empty();
    }

    @Override
    public Spend spend() {
      end();
      return spend;
    }
  }
}
