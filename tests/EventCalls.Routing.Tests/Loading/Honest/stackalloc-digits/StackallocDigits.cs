/// Digits only, without allocating.
public sealed class StackallocDigits : RoutingLogic
{
    private static string Digits(ReadOnlySpan<char> number)
    {
        const int Max = 32;
        Span<char> digits = number.Length <= Max ? stackalloc char[Max] : new char[number.Length];
        int length = 0;
        foreach (char c in number)
        {
            if (char.IsAsciiDigit(c))
                digits[length++] = c;
        }

        return new string(digits[..length]);
    }

    public override Decision Start(Conversation conv)
    {
        string digits = Digits(conv.SipHeaders["X-Callback"]);
        return digits.Length < 3 ? Handoff.Reject(404) : Handoff.Invite("+" + digits, outboundEndpoint: "pstn");
    }
}
