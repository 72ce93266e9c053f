package dev.belay.flow.worktree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Settles conflicts in the content of files for one side, as {@code git merge -X} does; before 2.44
 * merge-tree itself cannot.
 *
 * @param favour not {@link Favour#NEITHER}
 */
record FavouredFiles(Repository repository, Favour favour) {
  /** From here on merge-file tells of an error, below it of a number of conflicts. */
  private static final int NOT_TEXT = 128;

  /** The tree with the settled files in it. */
  String into(String tree, Map<String, Map<Integer, ThreeWay.Version>> files)
      throws WorktreeException, InterruptedException {
    try {
      Path scratch = Files.createTempDirectory("belay-merge");
      try {
        return into(tree, files, scratch);
      } finally {
        Directories.delete(scratch);
      }
    } catch (IOException e) {
      throw new WorktreeException("no place to merge files in: " + e.getMessage(), e);
    }
  }

  private String into(String tree, Map<String, Map<Integer, ThreeWay.Version>> files, Path scratch)
      throws WorktreeException, InterruptedException, IOException {
    Map<String, String> index = Map.of("GIT_INDEX_FILE", scratch.resolve("index").toString());
    StringBuilder entries = new StringBuilder();
    for (var file : files.entrySet()) {
      Map<Integer, ThreeWay.Version> versions = file.getValue();
      entries.append(mode(versions)).append(' ').append(settled(versions, scratch));
      entries.append('\t').append(file.getKey()).append('\0');
    }
    Path top = repository.top();
    Git git = repository.git();
    git.run(GitCall.in(top, "read-tree", tree).with(index));
    git.run(
        GitCall.in(top, "update-index", "-z", "--index-info")
            .with(index)
            .reading(entries.toString().getBytes(ISO_8859_1)));
    return git.run(GitCall.in(top, "write-tree").with(index)).text();
  }

  /** Whoever changed it decides; if both did, ours, since there are only two to choose from. */
  private static String mode(Map<Integer, ThreeWay.Version> versions) {
    String ours = version(versions, 2).mode();
    ThreeWay.Version base = versions.get(1);
    return base != null && base.mode().equals(ours) ? version(versions, 3).mode() : ours;
  }

  private String settled(Map<Integer, ThreeWay.Version> versions, Path scratch)
      throws WorktreeException, InterruptedException, IOException {
    Path base = Files.write(scratch.resolve("1"), new byte[0]);
    if (versions.containsKey(1)) {
      Files.write(base, content(version(versions, 1)));
    }
    Path ours = Files.write(scratch.resolve("2"), content(version(versions, 2)));
    Path theirs = Files.write(scratch.resolve("3"), content(version(versions, 3)));
    boolean isOurs = favour == Favour.OURS;
    GitOutput merged =
        repository
            .git()
            .attempt(
                GitCall.in(
                    scratch,
                    "merge-file",
                    "-p",
                    isOurs ? "--ours" : "--theirs",
                    ours.toString(),
                    base.toString(),
                    theirs.toString()));
    if (merged.exit() >= NOT_TEXT) {
      return version(versions, isOurs ? 2 : 3).blob();
    }
    return repository
        .git()
        .run(GitCall.in(repository.top(), "hash-object", "-w", "--stdin").reading(merged.bytes()))
        .text();
  }

  private byte[] content(ThreeWay.Version version) throws WorktreeException, InterruptedException {
    return repository.run("cat-file", "blob", version.blob()).bytes();
  }

  private static ThreeWay.Version version(Map<Integer, ThreeWay.Version> versions, int stage) {
    ThreeWay.Version version = versions.get(stage);
    if (version == null) {
      throw new IllegalStateException("no stage " + stage);
    }
    return version;
  }
}
