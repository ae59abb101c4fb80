using System.Text;

/// Whatever the trunk sends becomes E.164.
public static class NumberText
{
    extension(string number)
    {
        public string ToE164(string country)
        {
            var digits = new StringBuilder(number.Length);
            foreach (var rune in number.EnumerateRunes())
            {
                if (Rune.IsDigit(rune))
                    digits.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            }

            string plain = digits.ToString();
            return number.TrimStart() switch
            {
                ['+', ..] => "+" + plain,
                ['0', '0', ..] => "+" + plain[2..],
                ['0', ..] => $"+{country}{plain[1..]}",
                _ => $"+{country}{plain}",
            };
        }
    }
}

public sealed class NumberNormalisation : RoutingLogic
{
    public override Decision Start(Conversation conv) =>
        Handoff.Invite(conv.CalleeNumber.ToE164("49"), outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber.ToE164("49"));
}
