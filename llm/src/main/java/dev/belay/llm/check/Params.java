package dev.belay.llm.check;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.llm.check.code.Syntax;
import dev.belay.llm.json.Json;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of one validator, as they were written. Every method throws {@link
 * IllegalArgumentException} that names type, parameter, value and range. For one thread.
 */
public final class Params {
  private static final int LONGEST_SHOWN = 60;

  private final String type;
  private final Json.Obj values;
  private final Validators validators;
  private final Set<String> known = new LinkedHashSet<>();

  Params(String type, Json.Obj values, Validators validators) {
    this.type = requireNonNull(type, "type");
    this.values = requireNonNull(values, "values");
    this.validators = requireNonNull(validators, "validators");
  }

  /** The type under which the validator was asked for, which may be an alias. */
  public String type() {
    return type;
  }

  /** Whether this parameter was given. */
  public boolean has(String name) {
    return value(name).isPresent();
  }

  /** The parameter as it was written; empty if it was not. */
  public Optional<Json> value(String name) {
    known.add(name);
    return values.get(name);
  }

  /** A text that must be given. */
  public String text(String name) {
    return maybeText(name).orElseThrow(() -> missing(name, "a string"));
  }

  /** A text. */
  public String text(String name, String otherwise) {
    return maybeText(name).orElse(otherwise);
  }

  private Optional<String> maybeText(String name) {
    return value(name)
        .map(given -> {
          if (given instanceof Json.Str string) {
            return string.value();
          }
          throw bad(name, "a string");
        });
  }

  /** One text or a list of them that must be given; none of them empty. */
  public List<String> texts(String name) {
    Json given = value(name).orElseThrow(() -> missing(name, "a string or a list of strings"));
    List<Json> items = given instanceof Json.Arr list ? list.items() : List.of(given);
    List<String> texts = new ArrayList<>();
    for (Json item : items) {
      if (!(item instanceof Json.Str string) || string.value().isEmpty()) {
        throw bad(name, "a string or a list of strings, none of them empty");
      }
      texts.add(string.value());
    }
    if (texts.isEmpty()) {
      throw bad(name, "a string or a list of at least 1 string");
    }
    return List.copyOf(texts);
  }

  /** One text or a list of them; empty if it was not given. */
  public List<String> textsOrNone(String name) {
    return has(name) ? texts(name) : List.of();
  }

  /** A whole number within {@code least} and {@code most}. */
  public int whole(String name, int otherwise, int least, int most) {
    Optional<Json> given = value(name);
    if (given.isEmpty()) {
      return otherwise;
    }
    String range = "a whole number from %d to %d".formatted(least, most);
    BigDecimal number = number(name, range, given.get());
    try {
      int whole = number.intValueExact();
      if (whole >= least && whole <= most) {
        return whole;
      }
    } catch (ArithmeticException notWhole) {
      throw bad(name, range);
    }
    throw bad(name, range);
  }

  /** A number within {@code least} and {@code most}. */
  public double number(String name, double otherwise, double least, double most) {
    Optional<Json> given = value(name);
    if (given.isEmpty()) {
      return otherwise;
    }
    String range = "a number from %s to %s".formatted(least, most);
    double number = number(name, range, given.get()).doubleValue();
    if (number < least || number > most) {
      throw bad(name, range);
    }
    return number;
  }

  private BigDecimal number(String name, String range, Json given) {
    if (given instanceof Json.Num number) {
      return number.value();
    }
    throw bad(name, range);
  }

  /** True or false. */
  public boolean flag(String name, boolean otherwise) {
    return value(name)
        .map(given -> {
          if (given instanceof Json.Bool bool) {
            return bool.value();
          }
          throw bad(name, "true or false");
        })
        .orElse(otherwise);
  }

  /** One of the constants of an enum, written in lower case. */
  public <E extends Enum<E>> E choice(String name, E otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    E[] all = otherwise.getDeclaringClass().getEnumConstants();
    String range =
        "one of "
            + String.join(
                ", ", Arrays.stream(all).map(one -> one.name().toLowerCase(Locale.ROOT)).toList());
    String given = maybeText(name).orElseThrow();
    return Arrays.stream(all)
        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(given))
        .findFirst()
        .orElseThrow(() -> bad(name, range));
  }

  /** An object; empty if it was not given. */
  public Optional<Json.Obj> object(String name) {
    return value(name)
        .map(given -> {
          if (given instanceof Json.Obj object) {
            return object;
          }
          throw bad(name, "an object");
        });
  }

  /** Validators of the same registry that must be given, at least one. */
  public List<Validator> validators(String name) {
    List<Validator> inner =
        validators.from(value(name).orElseThrow(() -> missing(name, "a list of validators")));
    if (inner.isEmpty()) {
      throw bad(name, "a list of at least 1 validator");
    }
    return inner;
  }

  /** One validator of the same registry. */
  Validator made(Json entry) {
    return validators.from(entry).getFirst();
  }

  /** The languages that code may be in. */
  List<Syntax> languages() {
    return validators.languages();
  }

  /** The folder under which sources may lie. */
  Optional<Path> corpusRoot() {
    return validators.corpusRoot();
  }

  /** An error that says what this parameter must be, and what it was. */
  public IllegalArgumentException bad(String name, String range) {
    String was = values.get(name).map(Params::shown).orElse("missing");
    return new IllegalArgumentException(
        "%s: %s must be %s, was %s".formatted(type, name, range, was));
  }

  private IllegalArgumentException missing(String name, String range) {
    return bad(name, range);
  }

  /** Refuses what nobody asked for. */
  void refuseUnknown() {
    for (String name : values.members().keySet()) {
      Check.that(
          known.contains(name),
          "%s has no parameter '%s' (was %s).%s",
          type,
          name,
          shown(values.members().get(name)),
          known.isEmpty() ? " It takes none." : Near.hint(name, known));
    }
  }

  static String shown(Json value) {
    String text = value.toString();
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
  }
}
