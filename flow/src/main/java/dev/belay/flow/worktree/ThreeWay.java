package dev.belay.flow.worktree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Merges two commits into a tree, in the object store alone: no index, no working copy.
 *
 * @param repository whose objects
 */
record ThreeWay(Repository repository) {
  /** The kinds of conflict in which both sides have the file, and only its content is at odds. */
  private static final Set<String> CONTENT = Set.of("CONFLICT (contents)", "CONFLICT (binary)");

  /**
   * What came of it.
   *
   * @param tree with conflict markers if there are conflicts
   * @param conflicts files, as people read them; empty if it went well
   */
  record Result(String tree, List<String> conflicts, boolean clean) {}

  /** One side's version of a file; stage 1 is the common ancestor, 2 is ours, 3 is theirs. */
  record Version(String mode, String blob) {}

  /** Merges {@code theirs} into {@code ours}. */
  Result merge(String ours, String theirs, Favour favour)
      throws WorktreeException, InterruptedException {
    GitCall call = GitCall.in(repository.top(), "merge-tree", "--write-tree", "-z", ours, theirs);
    GitOutput output = repository.git().attempt(call);
    if (output.exit() > 1) {
      throw Git.failed(call, output);
    }
    List<String> fields = output.fields();
    if (output.exit() == 0) {
      return new Result(fields.getFirst(), List.of(), true);
    }
    return resolve(Conflicts.read(fields), favour);
  }

  /** Brings what changed from {@code base} to {@code theirs} into {@code ours}. */
  Result onBase(String base, String ours, String theirs, Favour favour)
      throws WorktreeException, InterruptedException {
    // Before 2.40 merge-tree cannot be told a base: so make it one, of commits without a past.
    String root = repository.commitTree(repository.tree(base), List.of(), "base");
    String left = repository.commitTree(repository.tree(ours), List.of(root), "ours");
    String right = repository.commitTree(repository.tree(theirs), List.of(root), "theirs");
    return merge(left, right, favour);
  }

  private Result resolve(Conflicts conflicts, Favour favour)
      throws WorktreeException, InterruptedException {
    List<String> readable = conflicts.files().stream().map(GitOutput::readable).toList();
    if (favour == Favour.NEITHER || !conflicts.areOnlyOfContent()) {
      return new Result(conflicts.tree(), readable, false);
    }
    String tree =
        new FavouredFiles(repository, favour).into(conflicts.tree(), conflicts.versions());
    return new Result(tree, List.of(), true);
  }

  /** What merge-tree says of conflicts; names hold each byte as one character. */
  record Conflicts(
      String tree,
      Map<String, Map<Integer, Version>> versions,
      Set<String> kinds,
      Set<String> files) {

    /**
     * Reads {@code <tree> (<mode> <hash> <stage> TAB <file>)* <empty> (<n> <file>*n <kind>
     * <text>)*}.
     */
    static Conflicts read(List<String> fields) {
      Map<String, Map<Integer, Version>> versions = new LinkedHashMap<>();
      int at = 1;
      for (; at < fields.size() && !fields.get(at).isEmpty(); at++) {
        String[] entry = fields.get(at).split("\t", 2);
        String[] version = entry[0].split(" ", -1);
        versions
            .computeIfAbsent(entry[1], file -> new LinkedHashMap<>())
            .put(Integer.valueOf(version[2]), new Version(version[0], version[1]));
      }
      Set<String> kinds = new LinkedHashSet<>();
      Set<String> files = new LinkedHashSet<>(versions.keySet());
      at++;
      while (at < fields.size() && !fields.get(at).isEmpty()) {
        int end = at + 1 + Integer.parseInt(fields.get(at));
        String kind = fields.get(end);
        if (kind.startsWith("CONFLICT")) {
          kinds.add(kind);
          files.addAll(new ArrayList<>(fields.subList(at + 1, end)));
        }
        at = end + 2;
      }
      return new Conflicts(fields.getFirst(), versions, kinds, files);
    }

    boolean areOnlyOfContent() {
      return CONTENT.containsAll(kinds)
          && !versions.isEmpty()
          && versions.values().stream().allMatch(Conflicts::areFilesOnBothSides);
    }

    private static boolean areFilesOnBothSides(Map<Integer, Version> versions) {
      return versions.containsKey(2)
          && versions.containsKey(3)
          && versions.values().stream().allMatch(version -> version.mode().startsWith("100"));
    }
  }
}
