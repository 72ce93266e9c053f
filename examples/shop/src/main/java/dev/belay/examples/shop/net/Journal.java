package dev.belay.examples.shop.net;

import dev.belay.examples.shop.Books;
import dev.belay.examples.shop.Planted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the processes of a shop have in common, as others have a database: which order is the newest
 * one, how often each was charged, and which defects showed in it. Files in a folder; a line is
 * appended in one piece, so that processes do not get in each other's way. Safe for any number of
 * threads and processes.
 */
public final class Journal {
  /** What an order may be called. */
  static final Pattern ORDER = Pattern.compile("[0-9a-f]{1,64}");

  private final Path folder;

  /**
   * A journal.
   *
   * @param folder must exist
   */
  public Journal(Path folder) {
    this.folder = folder;
  }

  /** An order begins. */
  void begin(String order) {
    try {
      Path draft = Files.writeString(Files.createTempFile(folder, "newest", ".tmp"), order);
      Files.move(
          draft,
          folder.resolve("newest"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** The order that began last; none if there was none. */
  Optional<String> newest() {
    return read("newest").filter(order -> ORDER.matcher(order).matches());
  }

  /** How often an order was charged. */
  Books books(String order) {
    return new Books() {
      @Override
      public long charge() {
        append(order, "charges", "charged");
        return charges();
      }

      @Override
      public long charges() {
        return read(name(order, "charges")).map(text -> text.lines().count()).orElse(0L);
      }
    };
  }

  /** Notes that a defect has shown in an order. */
  void show(String order, Planted defect) {
    append(order, "shown", defect.name());
  }

  /** Which defects have shown in an order: the truth, which no search sees. */
  public Set<Planted> shown(String order) {
    Set<Planted> shown = EnumSet.noneOf(Planted.class);
    read(name(order, "shown"))
        .ifPresent(text -> text.lines().map(Planted::valueOf).forEach(shown::add));
    return shown;
  }

  private static String name(String order, String what) {
    return order + "." + what;
  }

  private Optional<String> read(String name) {
    Path file = folder.resolve(name);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private void append(String order, String what, String line) {
    try {
      Files.writeString(
          folder.resolve(name(order, what)),
          line + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
