namespace EventCalls.Contracts;

/// <summary>Texts from outside as a table has them that spreadsheets open.</summary>
public static class SpreadsheetText
{
    /// <summary>The text, made harmless for a spreadsheet: one that would begin a formula gets an apostrophe before it, and what <see cref="PlainText"/> does not show is not there either.</summary>
    /// <remarks>
    /// A plus or minus with digits only behind it is a number, which computes nothing; telephone numbers stay as they are, so that the table can be
    /// joined with others.
    /// </remarks>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // A spreadsheet passes over blanks, and takes the wide forms of the marks for the marks.
        var first = text.AsSpan().TrimStart();
        bool isFormula = !first.IsEmpty && "=+-@\uFF1D\uFF0B\uFF0D\uFF20".Contains(first[0]);
        bool isNumber = isFormula && text[0] is '+' or '-' && text.Length > 1 && !text.AsSpan(1).ContainsAnyExceptInRange('0', '9');
        // In quotes a line end does nothing, and a reader gets it back.
        string plain = PlainText.OfLines(text);
        return (isFormula && !isNumber) || (text.Length > 0 && "\t\r\n".Contains(text[0])) ? "'" + plain : plain;
    }
}
