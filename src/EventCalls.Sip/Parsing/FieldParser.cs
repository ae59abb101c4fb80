using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Parsing;

/// <summary>Reads the fields every message needs (RFC 3261 §8.1.1): Via, From, To, Call-ID, CSeq, Max-Forwards, Content-Length.</summary>
internal static class FieldParser
{
    internal static SipParseError Parse(ReadOnlySpan<byte> bytes, int bodyStart, SipMessage into)
    {
        var error = Via(into);
        into.CanRespond = into.IsRequest && into.Method != SipMethod.Ack && !into.ViaSentBy.IsEmpty
            && !into.From.IsEmpty && !into.To.IsEmpty && !into.CallId.IsEmpty && into.Has(HeaderId.CSeq);
        error = First(error, Address(into, HeaderId.From, SipParseError.BadFrom, out into.FromTagSlice));
        error = First(error, Address(into, HeaderId.To, SipParseError.BadTo, out into.ToTagSlice));
        error = First(error, CallId(into));
        error = First(error, CSeq(into));
        error = First(error, MaxForwards(into));
        return First(error, Body(bytes, bodyStart, into));
    }

    private static SipParseError Via(SipMessage into)
    {
        var value = into.Header(HeaderId.Via);
        if (value.IsEmpty)
            return into.Has(HeaderId.Via) ? SipParseError.BadVia : SipParseError.MissingHeader;
        var top = HeaderValues.TakeElement(ref value);
        into.TopViaSlice = into.SliceOf(top);
        if (!ViaField.TryParse(top, out var via))
            return SipParseError.BadVia;
        into.ViaSentBySlice = into.SliceOf(via.SentBy);
        var parameters = via.Parameters;
        while (ParameterText.TryNext(ref parameters, out var name, out var parameter))
        {
            if (SipText.EqualsIgnoreCase(name, "branch"u8))
                into.ViaBranchSlice = into.SliceOf(parameter);
            else if (SipText.EqualsIgnoreCase(name, "rport"u8))
                into.ViaHasRport = true;
        }
        var isClean = via.IsVersion2 && !via.Parameters.StartsWith(";"u8) && via.Parameters.IndexOf(";;"u8) < 0;
        return isClean ? SipParseError.None : SipParseError.BadVia;
    }

    private static SipParseError Address(SipMessage into, HeaderId id, SipParseError bad, out Slice tag)
    {
        tag = default;
        if (!into.Has(id))
            return SipParseError.MissingHeader;
        if (!NameAddr.TryParse(into.Header(id), out var address))
            return bad;
        tag = into.SliceOf(address.Tag);
        return SipParseError.None;
    }

    private static SipParseError CallId(SipMessage into)
    {
        if (!into.Has(HeaderId.CallId))
            return SipParseError.MissingHeader;
        var callId = into.CallId;
        return callId.IsEmpty || callId.IndexOfAnyInRange((byte)0, (byte)' ') >= 0 ? SipParseError.BadCallId : SipParseError.None;
    }

    private static SipParseError CSeq(SipMessage into)
    {
        if (!into.Has(HeaderId.CSeq))
            return SipParseError.MissingHeader;
        var value = into.Header(HeaderId.CSeq);
        var digits = 0;
        while (digits < value.Length && char.IsAsciiDigit((char)value[digits]))
            digits++;
        var method = SipText.TrimStart(value[digits..]);
        if (method.Length == value.Length - digits || !SipText.IsToken(method))
            return SipParseError.BadCSeq;
        into.CSeqMethodSlice = into.SliceOf(method);
        into.CSeqMethod = SipMethods.Of(method);
        if (!into.IsRequest)
            into.Method = into.CSeqMethod;
        if (!SipText.TryDecimal(value[..digits], int.MaxValue, out var number))
            return SipParseError.BadCSeq;
        into.CSeqNumber = (uint)number;
        return into.IsRequest && !method.SequenceEqual(into.MethodName) ? SipParseError.CSeqMethodMismatch : SipParseError.None;
    }

    private static SipParseError MaxForwards(SipMessage into)
    {
        if (!into.Has(HeaderId.MaxForwards))
            return SipParseError.None;
        if (!SipText.TryDecimal(into.Header(HeaderId.MaxForwards), 255, out var number))
            return SipParseError.BadMaxForwards;
        into.MaxForwards = (int)number;
        return SipParseError.None;
    }

    private static SipParseError Body(ReadOnlySpan<byte> bytes, int start, SipMessage into)
    {
        long length = bytes.Length - start;
        var error = SipParseError.None;
        if (into.Has(HeaderId.ContentLength))
        {
            if (!SipText.TryDecimal(into.Header(HeaderId.ContentLength), int.MaxValue, out var promised))
                error = SipParseError.BadContentLength;
            else if (promised > length)
                error = SipParseError.BodyTooShort;
            else
                length = promised;
        }
        into.BodySlice = new Slice(start, (int)length);
        into.EndAt(start + (int)length);
        return error;
    }

    private static SipParseError First(SipParseError earlier, SipParseError later) => earlier != SipParseError.None ? earlier : later;
}
