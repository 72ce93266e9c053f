package dev.belay.llm.transcript;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.ProviderError;
import dev.belay.llm.Usage;
import dev.belay.llm.budget.Spent;
import dev.belay.llm.check.Finding;
import dev.belay.llm.check.Problem;
import dev.belay.llm.check.Remedy;
import dev.belay.llm.correct.Stage;
import dev.belay.llm.delay.Decision;
import dev.belay.llm.form.RequestForm;
import dev.belay.llm.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One thing that happened in a call: one line of its transcript. Immutable. */
public sealed interface TranscriptLine {
  /** The version of the form that this program writes. It reads this one and all before it. */
  int SCHEMA = 1;

  /** When it happened, by the wall clock. */
  Instant at();

  /**
   * The call begins. Always the first line.
   *
   * @param id of the transcript
   * @param origin whose call it is
   * @param request what was asked, as {@link RequestForm} writes it
   * @param checks what the answer has to pass, as far as that is known
   * @param terms the rules
   */
  record Call(
      Instant at, String id, Origin origin, Json.Obj request, Json.Arr checks, CallTerms terms)
      implements TranscriptLine {
    /** Rejects null. */
    public Call {
      requireNonNull(at, "at");
      requireNonNull(id, "id");
      requireNonNull(origin, "origin");
      requireNonNull(request, "request");
      requireNonNull(checks, "checks");
      requireNonNull(terms, "terms");
    }

    /** What was asked, without its secrets. */
    public LlmRequest asked() {
      return RequestForm.read(request);
    }
  }

  /**
   * Whose call it is.
   *
   * @param route the name that was asked for
   * @param key the run that it belongs to; may be empty
   * @param tenant for whom; may be empty
   * @param endpoints all that the route has; empty if not known
   */
  record Origin(String route, String key, String tenant, List<String> endpoints) {
    /** Keeps a copy. */
    public Origin {
      requireNonNull(route, "route");
      requireNonNull(key, "key");
      requireNonNull(tenant, "tenant");
      endpoints = List.copyOf(endpoints);
    }
  }

  /**
   * An attempt is sent.
   *
   * @param waited before it, 0 or more
   */
  record Attempt(Instant at, Place place, Duration waited, WaitedFor waitedFor)
      implements TranscriptLine {
    /** Rejects negative waits. */
    public Attempt {
      requireNonNull(at, "at");
      requireNonNull(place, "place");
      notNegative("waited", waited);
      requireNonNull(waitedFor, "waitedFor");
    }
  }

  /**
   * An attempt failed.
   *
   * @param took 0 or more
   * @param decision what was decided; empty if that was not known when it was written
   */
  record Failed(
      Instant at, Place place, ProviderError error, Duration took, Optional<Decision> decision)
      implements TranscriptLine {
    /** Rejects negative times. */
    public Failed {
      requireNonNull(at, "at");
      requireNonNull(place, "place");
      requireNonNull(error, "error");
      notNegative("took", took);
      requireNonNull(decision, "decision");
    }
  }

  /**
   * An attempt brought an answer.
   *
   * @param said what it says
   * @param dollars what it cost, 0 or more
   * @param took 0 or more
   */
  record Answered(Instant at, Place place, Said said, Usage usage, double dollars, Duration took)
      implements TranscriptLine {
    /** Rejects negative numbers. */
    public Answered {
      requireNonNull(at, "at");
      requireNonNull(place, "place");
      requireNonNull(said, "said");
      requireNonNull(usage, "usage");
      Check.that(dollars >= 0 && dollars <= 1e9, "dollars must be 0 to 1e9, was %s", dollars);
      notNegative("took", took);
    }
  }

  /**
   * What an answer says.
   *
   * @param choice the answer itself
   * @param length of its text in characters, before secrets were taken out and it was cut
   */
  record Said(LlmResponse.Choice choice, int length) {
    /** Rejects a negative length. */
    public Said {
      requireNonNull(choice, "choice");
      Check.that(length >= 0, "length must be 0 or more, was %d", length);
    }

    /** The answer as it came. */
    public static Said of(LlmResponse response) {
      LlmResponse.Choice choice = response.choices().getFirst();
      return new Said(choice, choice.text().length());
    }

    /** Whether it is what the model said: nothing was taken out and nothing cut. */
    public boolean isWhole() {
      return choice.text().length() == length
          && Kept.isWhole(choice.text())
          && choice.toolCalls().stream().allMatch(call -> Kept.isWhole(call.arguments()));
    }
  }

  /** What a check came to. */
  enum Verdict {
    /** The answer stands. */
    VALID,
    /** It does not. */
    INVALID,
    /** It could not be found out. */
    INCONCLUSIVE
  }

  /**
   * The last answer was checked.
   *
   * @param problems what is wrong; if it stands all the same, warnings
   * @param remedy what has to happen; empty if it stands
   * @param why it could not be found out; empty if it was
   * @param repaired whether the text that stands is not the text that came
   */
  record Checked(
      Instant at,
      Verdict verdict,
      List<Problem> problems,
      Optional<Remedy> remedy,
      String why,
      boolean repaired)
      implements TranscriptLine {
    /** Keeps a copy; rejects a remedy for what stands. */
    public Checked {
      requireNonNull(at, "at");
      problems = List.copyOf(problems);
      requireNonNull(why, "why");
      Check.that(
          remedy.isPresent() != (verdict == Verdict.VALID),
          "remedy must be there unless the verdict is valid, was %s for %s",
          remedy,
          verdict);
    }

    /**
     * What a finding comes down to.
     *
     * @param text that was checked
     */
    static Checked of(Instant at, Finding finding, String text) {
      return switch (finding) {
        case Finding.Valid valid ->
            new Checked(
                at,
                Verdict.VALID,
                valid.warnings(),
                Optional.empty(),
                "",
                !valid.answer().text().equals(text));
        case Finding.Invalid invalid ->
            new Checked(
                at, Verdict.INVALID, invalid.problems(), Optional.of(invalid.remedy()), "", false);
        case Finding.Inconclusive open ->
            new Checked(
                at, Verdict.INCONCLUSIVE, List.of(), Optional.of(open.remedy()), open.why(), false);
      };
    }
  }

  /**
   * The model will be asked again.
   *
   * @param pause before it is asked, 0 or more
   * @param feedbackLength characters of what it is told, 0 or more
   */
  record Correction(Instant at, Stage stage, Duration pause, int feedbackLength)
      implements TranscriptLine {
    /** Rejects negative numbers. */
    public Correction {
      requireNonNull(at, "at");
      requireNonNull(stage, "stage");
      notNegative("pause", pause);
      Check.that(feedbackLength >= 0, "feedback_length must be 0 or more, was %d", feedbackLength);
    }
  }

  /**
   * From here on lines are missing, but for the end.
   *
   * @param why {@code bytes}: the file is as long as it may be; {@code queue}: more happened than
   *     could be written; {@code error}: a line could not be written
   */
  record Truncated(Instant at, String why) implements TranscriptLine {
    /** Rejects null. */
    public Truncated {
      requireNonNull(at, "at");
      requireNonNull(why, "why");
    }
  }

  /**
   * The call is over. Always the last line, if it is there.
   *
   * @param waited 0 or more
   * @param took 0 or more
   */
  record End(Instant at, Ending ending, Spent spent, Duration waited, Duration took)
      implements TranscriptLine {
    /** Rejects negative times. */
    public End {
      requireNonNull(at, "at");
      requireNonNull(ending, "ending");
      requireNonNull(spent, "spent");
      notNegative("waited", waited);
      notNegative("took", took);
    }
  }

  /** As JSON without secrets, and with all of its text. */
  default Json.Obj json() {
    return Kept.json(LineWriter.write(this), Integer.MAX_VALUE);
  }

  /**
   * Reads a line again.
   *
   * @throws IllegalArgumentException that names the member
   */
  static TranscriptLine read(Json from) {
    return LineReader.read(from);
  }

  private static void notNegative(String name, Duration value) {
    Check.that(!value.isNegative(), "%s must be 0 or more, was %s", name, value);
  }
}
