package dev.belay.llm.check.code;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** XML that is well formed. A document type is refused: entities are of no use in an answer. */
final class XmlSyntax implements Syntax {

  @Override
  public List<String> names() {
    return List.of("xml", "svg", "xhtml");
  }

  @Override
  public List<Fault> faults(String source) {
    try {
      SAXParserFactory factory = SAXParserFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.newSAXParser().parse(new InputSource(new StringReader(source.strip())), new Quiet());
      return List.of();
    } catch (SAXParseException broken) {
      return List.of(new Fault(Math.max(1, broken.getLineNumber()), message(broken)));
    } catch (SAXException | IOException broken) {
      return List.of(new Fault(1, message(broken)));
    } catch (ParserConfigurationException missing) {
      throw new IllegalStateException("this XML parser cannot be made safe", missing);
    }
  }

  private static String message(Exception broken) {
    return String.valueOf(broken.getMessage());
  }

  /** Prints nothing. */
  private static final class Quiet extends DefaultHandler {
    @Override
    public void fatalError(SAXParseException broken) throws SAXException {
      throw broken;
    }
  }
}
