package dev.belay.llm.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.llm.check.code.Fault;
import dev.belay.llm.check.code.Syntax;
import dev.belay.llm.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodeChecksTest {

  private static List<String> code(String language, String text) throws InterruptedException {
    return Answers.problems(
        "{\"type\": \"code\", \"params\": {\"language\": \"%s\"}}".formatted(language), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x = 1",
        "def f(a, b=(1, 2)):\n    return {'a': [a, b]}\n\nclass A:\n\tdef g(self): pass\n",
        "s = '''\n  odd ( [ {\n'''\nt = \"a # no comment\"  # but this ( is\n",
        "if a:\n  b\nelif c:\n  d\nelse:\n  e\n",
        "total = (1 +\n2 +\n    3)\ny = 1 + \\\n  2\n",
        "async def f():\n    async with x as y:\n        await z\n",
        "lambda_ = lambda x: x\nif_x = 3\nfor i in a[1:2]: print(i)\n",
        "x = r'\\'\\\"'\nf = f'{a}'\nb = b\"\\\"\"\n",
        "def f() -> dict[str, int]:\n    \"\"\"Doc:\"\"\"\n    return {}\n",
        "try:\n    a()\nexcept (A, B) as e:\n    pass\nfinally:\n    b()\n",
        "# nothing\n",
        "while (n := next(it)):\r\n    pass\r\n",
        "ünï = '🎈'\n",
      })
  void takesPython(String source) throws Exception {
    assertThat(code("python", source)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "def f()~    pass | line 1: ':' is missing after 'def'",
        "if (x := {1: 2})~    pass | line 1: ':' is missing after 'if'",
        "def f():~pass | line 2: an indented block is missing before this line",
        "def f(): | line 1: an indented block is missing after ':'",
        "x = 1~    y = 2 | line 2: this line is indented for no reason",
        "if a:~    b~  c | line 3: this line goes back to an indentation that never was",
        "x = (1, 2 | line 1: '(' is never closed",
        "x = [1, 2) | line 1: ')' does not close the '[' of line 1",
        "x = 1) | line 1: ')' closes nothing",
        "x = 'abc~y = 1 | line 1: a string has no end",
        "x = '''abc~y = 1 | line 1: a string has no end",
        "x = 1 \\ 2 | line 1: a '\\' must be the last character of a line",
      })
  void seesWhatIsWrongWithPython(String source, String message) throws Exception {
    assertThat(code("python", source.replace('~', '\n'))).contains("the answer, " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "java | public class A { int f() { return 1; } } | class A { int f() { return } }",
        "java | int f() { return 1; } | int f( { }",
        "java | for (int i = 0; i < 3; i++) { go(i); } | for (int i = 0; i < 3; i++ { }",
        "java | record P(int x) {} | record P(int x {}",
        "json | {\"a\": [1]} | {\"a\": [1}",
        "xml | <a b=\"c\"><d/></a> | <a><b></a></b>",
        "xml | <ü>🎈</ü> | <a>&undefined;</a>",
        "xml | <?xml version=\"1.0\"?><a/> | <!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        "yaml | a: [1, 2] | a: [1, 2",
        "yaml | - x: 1 | a: b: c",
        "sql | SELECT 1 FROM t | SELEC 1 FROM t",
      })
  void knowsLanguages(String language, String good, String bad) throws Exception {
    assertThat(code(language, good)).isEmpty();
    assertThat(code(language, bad)).isNotEmpty();
  }

  @Test
  void entitiesOfXmlAreNeverRead() throws Exception {
    assertThat(code("xml", "<!DOCTYPE a [<!ENTITY b \"x\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>"))
        .singleElement()
        .asString()
        .contains("DOCTYPE");
  }

  @Test
  void looksAtEachBlockOfTheLanguage() throws Exception {
    String text =
        "```python\nx = (\n```\n```bash\nrm )\n```\n```\ny = ]\n```\n```py\nok = 1\n```\n";

    assertThat(code("python", text))
        .containsExactly(
            "block 1, line 1: '(' is never closed", "block 2, line 1: ']' closes nothing");
    assertThat(
            Answers.problems(
                "{\"type\": \"python\", \"params\": {\"block\": 3, \"min_blocks\": 3}}", text))
        .isEmpty();
    assertThat(Answers.problems("{\"type\": \"python\", \"params\": {\"block\": 4}}", text))
        .containsExactly("the answer has 3 blocks of python, and must have at least 4");
  }

  /** A block without its tag was once taken for part of the code, marks and all. */
  @Test
  void aBlockWithoutALanguageIsABlock() throws Exception {
    assertThat(code("python", "Here:\n```\nx = 1\n```\n")).isEmpty();
  }

  @Test
  void aBlockOfAnotherLanguageIsNoBlock() throws Exception {
    assertThat(code("python", "```javascript\nlet x = 1;\n```"))
        .containsExactly("the answer has 0 blocks of python, and must have at least 1");
    assertThat(code("python", "```python\n\n```")).containsExactly("block 1 is empty");
  }

  @Test
  void takesALanguageOfOnesOwn() throws Exception {
    Syntax javascript =
        new Syntax() {
          @Override
          public List<String> names() {
            return List.of("javascript", "js");
          }

          @Override
          public List<Fault> faults(String source) {
            return source.contains("var") ? List.of(new Fault(1, "no var")) : List.of();
          }
        };
    Validator validator =
        Validators.standard()
            .withLanguage(javascript)
            .make("code", Json.EMPTY.with("language", Json.of("javascript")));

    assertThat(validator.check(Answers.of("```js\nvar x\n```"), CheckContext.FIRST))
        .isInstanceOf(Finding.Invalid.class);
    assertThat(validator.check(Answers.of("```js\nlet x\n```"), CheckContext.FIRST))
        .isInstanceOf(Finding.Valid.class);
  }

  private static List<String> sql(String type, String params, String text)
      throws InterruptedException {
    return Answers.problems("{\"type\": \"%s\", \"params\": {%s}}".formatted(type, params), text);
  }

  /** Upstream looked for words anywhere. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT is_deleted, updated_at, dropped FROM alterations WHERE grantee = 'DROP TABLE x'",
        "SELECT \"delete\" FROM t",
        "WITH a AS (SELECT 1 AS x) SELECT x FROM a",
        "SELECT name FROM t WHERE name = 'O''Brien' -- it's fine",
        "SELECT 'ünï 🎈' AS x",
        "SELECT count(*) FROM a UNION ALL SELECT 1",
      })
  void whatOnlyReadsIsSafe(String text) throws Exception {
    assertThat(sql("sql_safe", "", text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t VALUES (1)",
        "UPDATE t SET a = 1",
        "DELETE FROM t",
        "DROP TABLE t",
        "TRUNCATE TABLE t",
        "ALTER TABLE t ADD COLUMN a INT",
        "GRANT ALL ON t TO u",
        "CREATE TABLE t (a INT)",
        "MERGE INTO t USING s ON (t.a = s.a) WHEN MATCHED THEN UPDATE SET t.b = s.b",
        "WITH x AS (UPDATE t SET a = 1 RETURNING *) SELECT * FROM x",
        "WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x",
        "SELECT * INTO copy FROM t",
        "EXPLAIN ANALYZE DELETE FROM t",
        "SELECT 1; DELETE FROM t",
        "/* SELECT */ DELETE FROM t",
        "```sql\nDELETE FROM t\n```",
      })
  void whatWritesIsNot(String text) throws Exception {
    assertThat(sql("sql_safe", "\"single_statement\": false", text)).isNotEmpty();
  }

  @Test
  void sqlIsParsedNotGuessed() throws Exception {
    assertThat(sql("sql", "", "I would select a few users from the list")).isNotEmpty();
    assertThat(sql("sql", "", "SELECT 'it''s' FROM t WHERE a = 'x\"y'")).isEmpty();
    assertThat(sql("sql", "", "")).isNotEmpty();
    assertThat(sql("sql", "\"kinds\": [\"INSERT\"]", "INSERT INTO t VALUES (1)")).isEmpty();
    assertThat(sql("sql", "\"kinds\": [\"insert\"]", "SELECT 1"))
        .containsExactly("a statement would select, and may only insert");
    assertThat(sql("sql", "", "SELECT 1; SELECT 2"))
        .containsExactly("the answer has 2 statements, and may have 1");
    assertThat(sql("sql", "\"single_statement\": false", "SELECT 1; SELECT 2")).isEmpty();
    assertThat(sql("sql", "", "```sql\nSELECT 1\n```\n")).isEmpty();
  }

  /** Deep, long or ambiguous: an end comes in any case. */
  @Test
  @Timeout(120)
  void hostileSqlIsGivenUp() throws Exception {
    for (String text :
        List.of(
            "SELECT " + "1+".repeat(40_000) + "1",
            "SELECT * FROM t WHERE " + "NOT ".repeat(20_000) + "a",
            "SELECT " + "(".repeat(99) + "1" + ")".repeat(99),
            "SELECT " + "(".repeat(60) + "1",
            "SELECT * FROM " + "(SELECT * FROM ".repeat(40) + "t" + ") a".repeat(40),
            "SELECT " + "CASE WHEN (a) THEN ".repeat(40) + "1",
            "SELECT 1;".repeat(10_000))) {
      assertThat(Answers.check("\"sql_safe\"", text))
          .as(Texts.shortened(text))
          .isNotInstanceOf(Finding.Inconclusive.class);
    }
  }

  @Test
  void tablesCanBeLimited() throws Exception {
    String tables = "\"tables\": [\"Users\"]";

    assertThat(sql("sql_safe", tables, "SELECT * FROM public.\"users\"")).isEmpty();
    assertThat(sql("sql_safe", tables, "SELECT * FROM users, (SELECT * FROM Secret) s"))
        .containsExactly("a statement names the table 'secret', and may name only users");
    assertThat(sql("sql_safe", tables, "SELECT * FROM users WHERE EXISTS (SELECT 1 FROM other)"))
        .hasSize(1);
  }

  @Test
  void openApiNeedsItsFrame() throws Exception {
    assertThat(
            openApi(
                "{\"swagger\": \"2.0\", \"info\": {\"title\": \"t\", \"version\": \"1\"}, \"paths\": {}}"))
        .isEmpty();
    assertThat(openApi("openapi: 3.1.0\ninfo: {title: t, version: '1'}\ncomponents: {}\n"))
        .isEmpty();
    assertThat(
            openApi(
                "```yaml\nopenapi: 3.0.0\ninfo: {title: t, version: '1'}\npaths: {/a: {}}\n```"))
        .isEmpty();
    assertThat(openApi("{}")).hasSize(4);
    assertThat(openApi("openapi: 4\ninfo: []\npaths: 1\n")).hasSize(3);
    assertThat(openApi("swagger: '2.0'\ninfo: {title: t, version: '1'}\ncomponents: {}\n"))
        .containsExactly("/paths: it is missing");
    assertThat(openApi("openapi: 3.0.0\ninfo: {title: t, version: '1'}\npaths: {a: {}}"))
        .hasSize(1);
    assertThat(openApi("[1]")).containsExactly("the answer is no object");
    assertThat(openApi("{\"a\": ")).singleElement().asString().contains("neither JSON nor YAML");
    assertThat(openApi("a: [")).singleElement().asString().contains("neither JSON nor YAML");
    assertThat(openApi("")).containsExactly("the answer is no object");
    assertThat(openApi("- ".repeat(300) + "a")).hasSize(1);
  }

  private static List<String> openApi(String text) throws InterruptedException {
    return Answers.problems("\"openapi_spec\"", text);
  }
}
