package dev.belay.llm.json;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Notes repairs by their offset; lines and columns are counted once, at the end. For one thread.
 */
final class RepairLog {
  private static final int MOST_KEPT = 100;

  private final String text;
  private final List<Note> notes = new ArrayList<>();
  private int count;

  RepairLog(String text) {
    this.text = text;
  }

  private record Note(Repair.Kind kind, String what, int offset) {}

  void note(Repair.Kind kind, int offset, String what) {
    count++;
    // That it was cut, or says things twice, is told in any case: it changes what the JSON means.
    if (notes.size() < MOST_KEPT
        || (kind == Repair.Kind.TRUNCATED && notes.size() < 2 * MOST_KEPT)
        || (kind == Repair.Kind.DUPLICATE && notes.size() < 2 * MOST_KEPT)) {
      notes.add(new Note(kind, what, offset));
    }
  }

  int count() {
    return count;
  }

  List<Repair> repairs() {
    List<Note> sorted = notes.stream().sorted(Comparator.comparingInt(Note::offset)).toList();
    List<Repair> repairs = new ArrayList<>();
    Place place = new Place();
    for (Note note : sorted) {
      place.moveTo(text, note.offset);
      repairs.add(new Repair(note.kind, note.what, place.line, place.column()));
    }
    return repairs;
  }

  static JsonException broken(String text, int offset, String message) {
    Place place = new Place();
    place.moveTo(text, offset);
    return new JsonException(message, place.line, place.column());
  }

  private static final class Place {
    private int line = 1;
    private int lineStart;
    private int offset;

    void moveTo(String text, int target) {
      for (; offset < target && offset < text.length(); offset++) {
        if (text.charAt(offset) == '\n') {
          line++;
          lineStart = offset + 1;
        }
      }
    }

    int column() {
      return offset - lineStart + 1;
    }
  }
}
