package dev.belay.llm.form;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Constants as they are written in JSON: in lower case. */
public final class Words {
  private Words() {}

  /** The word for a constant. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static <E extends Enum<E>> List<String> all(Class<E> type) {
    return Arrays.stream(type.getEnumConstants()).map(Words::of).toList();
  }
}
