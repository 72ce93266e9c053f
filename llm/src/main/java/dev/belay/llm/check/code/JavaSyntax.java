package dev.belay.llm.check.code;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Java, by the compiler's own parser: nothing is resolved, processed or made. A snippet may be a
 * file, members of a class, or statements. Needs a JDK; without one it says so.
 */
final class JavaSyntax implements Syntax {
  private static final int LONGEST = 500_000;

  private static final List<String> AROUND =
      List.of("%s\n", "class Snippet { %s\n}", "class Snippet { void snippet() { %s\n} }");

  @Override
  public List<String> names() {
    return List.of("java");
  }

  @Override
  public List<Fault> faults(String source) {
    if (source.length() > LONGEST) {
      return List.of(new Fault(1, "more than %d characters".formatted(LONGEST)));
    }
    List<Fault> fewest = List.of();
    for (String around : AROUND) {
      List<Fault> faults = parsed(around.replace("%s", source));
      if (faults.isEmpty()) {
        return faults;
      }
      if (fewest.isEmpty() || faults.size() < fewest.size()) {
        fewest = faults;
      }
    }
    return fewest;
  }

  private static List<Fault> parsed(String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException("to check Java, run on a JDK: this one has no compiler");
    }
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    JavacTask task =
        (JavacTask)
            compiler.getTask(
                null, null, found, List.of("-proc:none"), null, List.of(new Source(source)));
    try {
      task.parse();
    } catch (IOException broken) {
      return List.of(new Fault(1, String.valueOf(broken.getMessage())));
    } catch (StackOverflowError tooDeep) {
      return List.of(new Fault(1, "it is nested too deep"));
    }
    return found.getDiagnostics().stream()
        .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
        .map(one -> new Fault((int) Math.max(1, one.getLineNumber()), one.getMessage(Locale.ROOT)))
        .toList();
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///Snippet.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
