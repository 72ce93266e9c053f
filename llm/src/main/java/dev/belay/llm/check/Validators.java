package dev.belay.llm.check;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.llm.check.code.Syntax;
import dev.belay.llm.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The types of validators that are known by name, and how they are made from JSON. Immutable, safe
 * for any number of threads: {@link #with} gives a new one.
 */
public final class Validators {
  private static final Set<String> KEYS = Set.of("type", "params", "on_fail");

  private final Map<String, ValidatorFactory> factories;
  private final List<Syntax> languages;
  private final @Nullable Path corpusRoot;

  private Validators(
      Map<String, ValidatorFactory> factories, List<Syntax> languages, @Nullable Path corpusRoot) {
    this.factories = Collections.unmodifiableMap(new TreeMap<>(factories));
    this.languages = List.copyOf(languages);
    this.corpusRoot = corpusRoot;
  }

  /** All built-in types that need nothing from outside. */
  public static Validators standard() {
    return new Validators(BuiltIn.FACTORIES, Syntax.standard(), null);
  }

  /**
   * These and one more type.
   *
   * @throws IllegalArgumentException if there is one of this name already
   */
  public Validators with(String type, ValidatorFactory factory) {
    Check.that(!factories.containsKey(type), "validator type '%s' is there already", type);
    Map<String, ValidatorFactory> more = new TreeMap<>(factories);
    more.put(type, requireNonNull(factory, "factory"));
    return new Validators(more, languages, corpusRoot);
  }

  /**
   * The same with one more language for the type {@code code}; it goes before those of its name.
   */
  public Validators withLanguage(Syntax syntax) {
    List<Syntax> more = new ArrayList<>(languages);
    more.add(requireNonNull(syntax, "syntax"));
    return new Validators(factories, more, corpusRoot);
  }

  /** The same with a folder from which the type {@code corpus} may read files; none by default. */
  public Validators withCorpusRoot(Path folder) {
    return new Validators(factories, languages, requireNonNull(folder, "folder"));
  }

  List<Syntax> languages() {
    return languages;
  }

  Optional<Path> corpusRoot() {
    return Optional.ofNullable(corpusRoot);
  }

  /** The names of all types and their aliases, sorted. */
  public List<String> types() {
    return List.copyOf(factories.keySet());
  }

  /**
   * Makes validators from a list of {@code {"type": …, "params": {…}, "on_fail": …}}; a lone object
   * is a list of one, and a string is a type without parameters.
   *
   * @throws IllegalArgumentException if a type or a parameter is unknown or bad; it names type,
   *     parameter, value and range
   */
  public List<Validator> from(Json spec) {
    List<Json> entries = spec instanceof Json.Arr list ? list.items() : List.of(spec);
    List<Validator> validators = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      validators.add(one(entries.get(i), i + 1));
    }
    return List.copyOf(validators);
  }

  private Validator one(Json entry, int place) {
    if (entry instanceof Json.Str type) {
      return make(type.value(), Json.EMPTY);
    }
    Check.that(
        entry instanceof Json.Obj,
        "validator %d must be an object with type and params, was %s",
        place,
        Params.shown(entry));
    Json.Obj object = (Json.Obj) entry;
    for (String key : object.members().keySet()) {
      Check.that(
          KEYS.contains(key), "validator %d has no '%s'.%s", place, key, Near.hint(key, KEYS));
    }
    Params outer = new Params("validator " + place, object, this);
    Validator validator = make(outer.text("type"), outer.object("params").orElse(Json.EMPTY));
    return outer.choice("on_fail", OnFail.REASK).when(validator);
  }

  /**
   * Makes one validator.
   *
   * @throws IllegalArgumentException as {@link #from}
   */
  public Validator make(String type, Json.Obj values) {
    ValidatorFactory factory = factories.get(type);
    Check.that(
        factory != null,
        "there is no validator '%s'.%s",
        type,
        Near.hint(type, factories.keySet()));
    Params params = new Params(type, values, this);
    Validator validator = requireNonNull(factory, "factory").create(params);
    params.refuseUnknown();
    return validator;
  }
}
