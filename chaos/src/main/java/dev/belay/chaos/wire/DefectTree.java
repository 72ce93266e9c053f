package dev.belay.chaos.wire;

import dev.belay.chaos.Defect;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Defects as trees:
 *
 * <pre>{@code
 * {"signature": "GET /cart | 500 | web>cart", "trial": 7, "found": {"faults": [...]},
 *  "minimal": {"plan": {"faults": [...]}, "hits": 4, "of": 4, "runs": 9}}
 * }</pre>
 *
 * <p>The smallest plan is left out until it is known.
 */
public final class DefectTree {
  private static final long MOST = Integer.MAX_VALUE;

  private DefectTree() {}

  /** The tree of a defect. */
  public static Map<String, Object> write(Defect defect) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("signature", defect.signature());
    tree.put("trial", defect.trial());
    tree.put("found", PlanTree.write(defect.found()));
    defect.minimal().ifPresent(minimal -> tree.put("minimal", write(minimal)));
    return tree;
  }

  private static Map<String, Object> write(Defect.Minimal minimal) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("plan", PlanTree.write(minimal.plan()));
    tree.put("hits", minimal.odds().hits());
    tree.put("of", minimal.odds().of());
    tree.put("runs", minimal.runs());
    return tree;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws WireException if it is not that
   */
  public static Defect read(Tree tree) {
    Defect defect =
        tree.build(() ->
            new Defect(
                tree.text("signature"),
                PlanTree.read(tree.tree("found")),
                (int) tree.whole("trial", 1, MOST),
                tree.maybeTree("minimal").map(DefectTree::minimal)));
    tree.close();
    return defect;
  }

  private static Defect.Minimal minimal(Tree tree) {
    Defect.Minimal minimal =
        tree.build(() ->
            new Defect.Minimal(
                PlanTree.read(tree.tree("plan")),
                new Defect.Odds((int) tree.whole("hits", 0, MOST), (int) tree.whole("of", 1, MOST)),
                (int) tree.whole("runs", 0, MOST)));
    tree.close();
    return minimal;
  }
}
