package dev.belay.llm.check.code;

import java.util.ArrayList;
import java.util.List;

/**
 * The outer form of Python: strings end, brackets pair, blocks begin with a colon and are indented,
 * and indentation goes back to where it was. It is no parser: what it accepts may still be wrong
 * inside a line.
 */
final class PythonSyntax implements Syntax {

  @Override
  public List<String> names() {
    return List.of("python", "py", "python3");
  }

  @Override
  public List<Fault> faults(String source) {
    List<Fault> faults = new ArrayList<>();
    new PythonBlocks(faults).check(new PythonLines(source, faults).logical());
    return List.copyOf(faults);
  }
}
