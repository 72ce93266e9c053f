package dev.belay.settings;

import dev.belay.RetryPolicy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A value in the file with its path. Each way to read it gives the value, or nothing and a problem.
 */
public record Place(Source source, String path, Node node) {

  /** Complains about it. */
  public void wrong(String message) {
    source.wrong(node.line(), path, message);
  }

  /** Whether nothing is written there. */
  public boolean isNothing() {
    return node instanceof Node.Scalar scalar && scalar.kind() == Node.Kind.NULL;
  }

  /** A whole number within a range. */
  public Optional<Integer> whole(Range<Integer> range) {
    return whole(range::contains, "a whole number, " + range.text(String::valueOf));
  }

  /** A whole number that fits; {@code wanted} says which do. */
  public Optional<Integer> whole(Predicate<Integer> fits, String wanted) {
    return read(wanted, word -> word.whole().filter(fits));
  }

  /** A number within a range. */
  public Optional<Double> number(Range<Double> range) {
    return read(
        "a number, " + range.text(Place::plain), word -> word.number().filter(range::contains));
  }

  /** A length of time within a range. */
  public Optional<Duration> length(Range<Duration> range) {
    return read(wanted(range), word -> word.length().filter(range::contains));
  }

  /** A length of time, or {@link RetryPolicy#FOREVER} for {@code null}. */
  public Optional<Duration> lengthOrNone(Range<Duration> range) {
    return read(
        wanted(range) + ", or null for none",
        word ->
            word.isNone()
                ? Optional.of(RetryPolicy.FOREVER)
                : word.length().filter(range::contains));
  }

  private static String wanted(Range<Duration> range) {
    return "a length of time such as 250ms, 1.5s, 2m or 1h, " + range.text(DurationText::of);
  }

  /** A number of bytes. */
  public Optional<Long> size(Range<Long> range) {
    return read(
        "a size such as 512, 64KB or 1MB, " + range.text(bytes -> bytes + " bytes"),
        word -> word.bytes().filter(range::contains));
  }

  /** True or false. */
  public Optional<Boolean> yesNo() {
    return read("true or false", Word::yesNo);
  }

  /** Whether it is {@code true} or {@code false} as it stands. */
  public boolean isYesNo() {
    return node instanceof Node.Scalar scalar && scalar.kind() == Node.Kind.BOOLEAN;
  }

  /** One of some names. */
  public Optional<String> oneOf(List<String> names) {
    return read(
        "one of " + String.join(", ", names),
        word -> Optional.of(word.text()).filter(names::contains),
        word -> word.isSubstituted() ? Optional.empty() : Nearest.to(word.text(), names));
  }

  /** A text that fits a pattern; {@code wanted} says what that is. */
  public Optional<String> text(Pattern pattern, String wanted) {
    return read(wanted, word -> word.textLike(pattern));
  }

  /** A text that no message shows. */
  public Optional<String> secret(Pattern pattern, String wanted) {
    Optional<Word> word = word(wanted);
    Optional<String> fit = word.flatMap(found -> found.textLike(pattern));
    if (word.isPresent() && fit.isEmpty()) {
      boolean bare = word.get().kind() != Node.Kind.TEXT;
      wrong("must be %s%s".formatted(wanted, bare ? "; put quotes around it" : ""));
    }
    return fit;
  }

  /** The values of a list; none if nothing is written there. */
  public Optional<List<Place>> list(String wanted) {
    if (node instanceof Node.Sequence sequence) {
      List<Place> items = new ArrayList<>();
      for (Node item : sequence.items()) {
        items.add(new Place(source, path + "[" + items.size() + "]", item));
      }
      return Optional.of(items);
    }
    if (isNothing()) {
      return Optional.of(List.of());
    }
    wrong("must be a list of %s; was %s".formatted(wanted, node.what()));
    return Optional.empty();
  }

  /** The keys and values of a mapping; none if nothing is written there. */
  public Optional<Section> section() {
    if (node instanceof Node.Mapping mapping) {
      return Optional.of(new Section(source, path, mapping));
    }
    if (isNothing()) {
      return Optional.of(Section.empty(source, path, node.line()));
    }
    wrong("must be a mapping of keys; was %s".formatted(node.what()));
    return Optional.empty();
  }

  private <T> Optional<T> read(String wanted, Function<Word, Optional<T>> read) {
    return read(wanted, read, word -> Optional.empty());
  }

  private <T> Optional<T> read(
      String wanted, Function<Word, Optional<T>> read, Function<Word, Optional<String>> meant) {
    Optional<Word> word = word(wanted);
    Optional<T> value = word.flatMap(read);
    if (word.isPresent() && value.isEmpty()) {
      String hint =
          meant.apply(word.get()).map(name -> "; did you mean %s?".formatted(name)).orElse("");
      wrong("must be %s; was %s%s".formatted(wanted, word.get().shown(), hint));
    }
    return value;
  }

  private Optional<Word> word(String wanted) {
    if (node instanceof Node.Scalar scalar) {
      return Word.of(source, path, scalar);
    }
    wrong("must be %s; was %s".formatted(wanted, node.what()));
    return Optional.empty();
  }

  /** {@code 10} rather than {@code 10.0}. */
  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
