namespace EventCalls.Routing.Loading.Rules;

/// <summary>Namespaces, types and members that give the same answer whenever and wherever they are asked.</summary>
internal static class AllowedApis
{
    public const string Names = """
        EventCalls.Routing.RoutingLogic EventCalls.Routing.FlowAttribute EventCalls.Routing.Conversation EventCalls.Routing.ConversationState
        EventCalls.Routing.ConversationRandom EventCalls.Routing.SipHeaderFields EventCalls.Routing.Decision EventCalls.Routing.Handoff
        EventCalls.Routing.HandoffStep EventCalls.Routing.LastTransfer EventCalls.Routing.FetchResult EventCalls.Routing.ReferRequest EventCalls.Routing.Passport EventCalls.Routing.UserToUser
        EventCalls.Contracts.TransferOutcome EventCalls.Contracts.FetchFailure EventCalls.Contracts.HandoffMethod EventCalls.Contracts.SipHeader EventCalls.Contracts.Handoff EventCalls.Contracts.ReferPolicy

        System.Object System.String System.Boolean System.Char System.Byte System.SByte System.Int16 System.UInt16 System.Int32 System.UInt32
        System.Int64 System.UInt64 System.Int128 System.UInt128 System.Half System.Single System.Double System.Decimal System.Void
        System.Enum System.ValueType System.Nullable System.Array System.ArraySegment System.Span System.ReadOnlySpan System.Memory
        System.ReadOnlyMemory System.MemoryExtensions System.Index System.Range System.Tuple System.ValueTuple System.Lazy
        System.Math System.MathF System.MidpointRounding System.Convert System.BitConverter System.Guid System.Version System.Uri System.UriKind
        System.UriComponents System.UriFormat System.UriBuilder
        System.DateTime System.DateTimeOffset System.DateOnly System.TimeOnly System.TimeSpan System.DayOfWeek System.DateTimeKind System.TimeZoneInfo
        System.StringComparison System.StringComparer System.StringSplitOptions System.FormattableString System.StringNormalizationExtensions
        System.Action System.Func System.Predicate System.Comparison System.Converter System.Delegate System.MulticastDelegate
        System.EventHandler System.EventArgs System.IDisposable System.IComparable System.IEquatable System.IFormattable System.IFormatProvider
        System.ICloneable System.Attribute System.FlagsAttribute System.ObsoleteAttribute System.AttributeUsageAttribute System.AttributeTargets
        System.Base64FormattingOptions System.TypeCode

        System.Collections.IEnumerable System.Collections.IEnumerator System.Collections.ICollection System.Collections.IList
        System.Collections.IDictionary System.Collections.IComparer System.Collections.IEqualityComparer System.Collections.BitArray
        System.Collections.Generic System.Collections.ObjectModel System.Collections.Frozen System.Collections.Immutable
        System.Collections.Specialized.NameValueCollection System.Collections.Specialized.NameObjectCollectionBase
        System.Linq System.Text System.Text.RegularExpressions System.Text.Json System.Globalization
        System.Numerics.BigInteger System.Numerics.BitOperations System.Numerics.Complex System.Numerics.INumber System.Numerics.INumberBase
        System.Buffers.SearchValues System.Buffers.Binary System.Buffers.OperationStatus System.Buffers.SpanAction System.Buffers.Text.Base64Url
        System.Net.IPAddress System.Net.IPNetwork System.Net.WebUtility System.Web.HttpUtility System.Net.Sockets.AddressFamily
        System.Security.Cryptography.SHA256 System.Security.Cryptography.SHA512 System.Security.Cryptography.SHA1
        System.Security.Cryptography.MD5 System.Security.Cryptography.HMACSHA256 System.Security.Cryptography.SHA384 System.Security.Cryptography.HMACSHA384
        System.Security.Cryptography.HMACSHA512 System.Security.Cryptography.HMACSHA1 System.Security.Cryptography.CryptographicOperations.FixedTimeEquals
        System.IO.StringReader System.IO.StringWriter System.IO.TextReader.ReadLine System.IO.TextReader.Read System.IO.TextReader.ReadToEnd
        System.IO.TextReader.Peek System.IO.TextWriter.Write
        System.Diagnostics.CodeAnalysis System.Runtime.CompilerServices.IsExternalInit System.Runtime.CompilerServices.InlineArrayAttribute
        System.Runtime.CompilerServices.CallerMemberNameAttribute System.Runtime.CompilerServices.CallerLineNumberAttribute
        System.Runtime.CompilerServices.CallerFilePathAttribute System.Runtime.CompilerServices.CallerArgumentExpressionAttribute
        System.Runtime.CompilerServices.SwitchExpressionException System.ComponentModel.DescriptionAttribute System.Diagnostics.Debug.Assert
        System.Diagnostics.UnreachableException System.Diagnostics.DebuggerDisplayAttribute System.SerializableAttribute System.Collections.DictionaryEntry
        """;
}
