namespace EventCalls.Routing.Loading.Rules;

/// <summary>Namespaces, types and members that do not, each with what to use instead.</summary>
internal static class RefusedApis
{
    public static readonly (Advice Advice, string Names)[] Names =
    [
        (Advice.Clock, """
            System.DateTime.Now System.DateTime.UtcNow System.DateTime.Today System.DateTimeOffset.Now System.DateTimeOffset.UtcNow
            System.TimeProvider System.Diagnostics.Stopwatch System.Environment.TickCount System.Environment.TickCount64
            System.Globalization.Calendar.ToFourDigitYear System.Globalization.GregorianCalendar.ToFourDigitYear
            System.Globalization.Calendar.TwoDigitYearMax System.Globalization.GregorianCalendar.TwoDigitYearMax System.Globalization.HijriCalendar.HijriAdjustment
            """),
        (Advice.LocalTime, """
            System.DateTime.ToLocalTime System.DateTime.ToUniversalTime System.DateTime.ToFileTime System.DateTime.ToFileTimeUtc
            System.DateTime.FromFileTime System.DateTime.IsDaylightSavingTime System.DateTime.GetDateTimeFormats
            System.DateTimeOffset.LocalDateTime System.DateTimeOffset.op_Implicit System.DateTimeOffset.ToLocalTime System.DateTimeOffset.FromFileTime
            System.TimeZoneInfo.Local System.TimeZone System.TimeZoneInfo.ClearCachedData
            System.DateTimeKind.Local System.DateTime.FromBinary System.Globalization.DateTimeStyles.AssumeLocal
            System.TimeZoneInfo.GetSystemTimeZones
            """),
        (Advice.ZoneName, """
            System.TimeZoneInfo.DisplayName System.TimeZoneInfo.StandardName System.TimeZoneInfo.DaylightName System.TimeZoneInfo.ToString
            System.TimeZoneInfo.ToSerializedString System.TimeZoneInfo.TryConvertIanaIdToWindowsId System.TimeZoneInfo.TryConvertWindowsIdToIanaId System.TimeZoneInfo.HasIanaId
            """),
        (Advice.DatePattern, """
            System.Globalization.DateTimeFormatInfo.LongDatePattern System.Globalization.DateTimeFormatInfo.ShortDatePattern System.Globalization.DateTimeFormatInfo.FullDateTimePattern
            System.Globalization.DateTimeFormatInfo.LongTimePattern System.Globalization.DateTimeFormatInfo.ShortTimePattern System.Globalization.DateTimeFormatInfo.MonthDayPattern
            System.Globalization.DateTimeFormatInfo.YearMonthPattern System.Globalization.DateTimeFormatInfo.SetAllDateTimePatterns
            """),
        (Advice.JsonTime, """
            System.Text.Json.JsonElement.GetDateTime System.Text.Json.JsonElement.TryGetDateTime
            System.Text.Json.JsonElement.GetDateTimeOffset System.Text.Json.JsonElement.TryGetDateTimeOffset
            System.Text.Json.Utf8JsonReader.GetDateTime System.Text.Json.Utf8JsonReader.TryGetDateTime
            System.Text.Json.Utf8JsonReader.GetDateTimeOffset System.Text.Json.Utf8JsonReader.TryGetDateTimeOffset
            """),
        (Advice.ImplicitDate, """
            System.DateTime.Parse System.DateTime.TryParse System.DateTimeOffset.Parse System.DateTimeOffset.TryParse
            System.DateOnly.Parse System.DateOnly.TryParse System.Convert.ToDateTime System.IParsable System.ISpanParsable
            System.IConvertible System.Convert.ChangeType
            """),
        (Advice.Random, """
            System.Random System.Guid.NewGuid System.Guid.CreateVersion7 System.Linq.Enumerable.Shuffle
            System.Security.Cryptography.RandomNumberGenerator
            """),
        (Advice.HashCode, """
            System.HashCode System.Collections.Generic.IEqualityComparer.GetHashCode System.Collections.IEqualityComparer.GetHashCode
            System.Collections.Generic.EqualityComparer.GetHashCode System.StringComparer.GetHashCode
            """),
        (Advice.HashOrder, """
            System.Collections.Hashtable System.Collections.Specialized System.Collections.Concurrent
            System.Collections.Immutable.ImmutableDictionary.Builder System.Collections.Immutable.ImmutableHashSet.Builder
            System.Collections.Immutable.ImmutableDictionary.CreateBuilder System.Collections.Immutable.ImmutableHashSet.CreateBuilder
            System.Collections.Immutable.ImmutableDictionary.ToBuilder System.Collections.Immutable.ImmutableHashSet.ToBuilder
            System.Collections.Immutable.ImmutableSortedDictionary.Builder.KeyComparer System.Collections.Immutable.ImmutableSortedSet.Builder.KeyComparer
            System.Collections.Immutable.IImmutableDictionary System.Collections.Immutable.IImmutableSet
            """),
        (Advice.Outside, """
            System.IO System.Net System.Net.Http System.Net.Sockets System.Data System.Xml System.IO.Compression System.IO.Pipes
            System.Environment System.Diagnostics.Process System.Configuration Microsoft.Win32 System.Security.Cryptography
            System.AppContext System.AppDomain
            """),
        (Advice.HashObject, """
            System.Security.Cryptography.HashAlgorithm System.Security.Cryptography.KeyedHashAlgorithm System.Security.Cryptography.HMAC
            """),
        (Advice.Interfaces, """
            System.Net.IPAddress.ScopeId System.Net.IPAddress.Address
            """),
        (Advice.Output, """
            System.Console System.Diagnostics.Debug System.Diagnostics.Trace System.Diagnostics.Tracing System.Diagnostics.ActivitySource
            System.Diagnostics.Activity System.Diagnostics.Metrics System.IO.TextWriter.Synchronized
            """),
        (Advice.Machine, """
            System.OperatingSystem System.IntPtr System.UIntPtr System.BitConverter.IsLittleEndian System.PlatformID
            System.Runtime.InteropServices.RuntimeInformation System.Runtime.Intrinsics System.Numerics
            System.Math.ReciprocalEstimate System.Math.ReciprocalSqrtEstimate System.MathF.ReciprocalEstimate System.MathF.ReciprocalSqrtEstimate
            System.Double.ReciprocalEstimate System.Double.ReciprocalSqrtEstimate System.Single.ReciprocalEstimate System.Single.ReciprocalSqrtEstimate
            System.Half.ReciprocalEstimate System.Half.ReciprocalSqrtEstimate
            System.Double.ConvertToIntegerNative System.Single.ConvertToIntegerNative System.Half.ConvertToIntegerNative
            System.Double.MultiplyAddEstimate System.Single.MultiplyAddEstimate System.Half.MultiplyAddEstimate
            System.Globalization.CompareInfo.Version
            """),
        (Advice.Threads, """
            System.Threading System.Threading.Tasks System.Linq.ParallelEnumerable System.Linq.AsyncEnumerable System.Timers System.Progress
            System.IProgress System.IAsyncDisposable System.Collections.Generic.IAsyncEnumerable System.Collections.Generic.IAsyncEnumerator
            System.IAsyncResult System.AsyncCallback System.Threading.Channels
            """),
        (Advice.Static, """
            System.ThreadStaticAttribute System.String.Intern System.String.IsInterned System.Buffers
            """),
        (Advice.Reflection, """
            System.Reflection System.Activator System.Linq.Expressions System.Linq.Queryable
            System.Linq.EnumerableQuery System.Linq.IQueryable System.Linq.IQueryProvider System.Linq.IOrderedQueryable
            System.Delegate.Method System.Delegate.Target System.Delegate.DynamicInvoke System.Delegate.CreateDelegate System.Delegate.GetInvocationList
            System.RuntimeTypeHandle System.RuntimeMethodHandle System.RuntimeFieldHandle System.TypedReference System.ModuleHandle
            System.ComponentModel System.Dynamic System.Runtime.Loader System.Text.Json.Serialization.Metadata System.Enum.GetUnderlyingType
            System.Nullable.GetUnderlyingType Microsoft.CSharp
            """),
        (Advice.TypeName, """
            System.Type System.Object.GetType System.Exception.GetType
            """),
        (Advice.Depth, """
            System.Text.Json.JsonSerializerOptions.MaxDepth System.Text.Json.JsonDocumentOptions.MaxDepth System.Text.Json.JsonReaderOptions.MaxDepth
            System.Text.Json.JsonWriterOptions.MaxDepth System.Text.Json.Nodes.JsonNode.DeepClone System.Text.Json.Nodes.JsonNode.GetPath System.Text.Json.Nodes.JsonNode.DeepEquals
            """),
        (Advice.Unsafe, """
            System.Runtime.InteropServices System.Runtime.CompilerServices System.Runtime System.Buffer System.ArgIterator
            System.RuntimeArgumentHandle System.MemoryExtensions.AsBytes
            """),
        (Advice.Culture, """
            System.Globalization.CultureInfo.CurrentCulture System.Globalization.CultureInfo.CurrentUICulture
            System.Globalization.CultureInfo.DefaultThreadCurrentCulture System.Globalization.CultureInfo.DefaultThreadCurrentUICulture
            System.Globalization.CultureInfo.InstalledUICulture System.Globalization.CultureInfo.GetCultures
            System.Globalization.CultureInfo.ClearCachedData System.Globalization.NumberFormatInfo.CurrentInfo
            System.Globalization.DateTimeFormatInfo.CurrentInfo System.Globalization.RegionInfo.CurrentRegion
            System.StringComparer.CurrentCulture System.StringComparer.CurrentCultureIgnoreCase System.StringComparison.CurrentCulture
            System.StringComparison.CurrentCultureIgnoreCase System.FormattableString.CurrentCulture System.IO.TextWriter.Null
            """),
        (Advice.Trace, """
            System.Exception.StackTrace System.Exception.TargetSite System.Exception.Source System.Exception.ToString System.Diagnostics.StackTrace
            System.Diagnostics.StackFrame
            """),
        (Advice.Identity, """
            System.Object.ReferenceEquals System.Collections.Generic.ReferenceEqualityComparer System.MemoryExtensions.Overlaps
            System.Memory.Equals System.ReadOnlyMemory.Equals
            """),
        (Advice.LineEnd, """
            System.Text.StringBuilder.AppendLine System.IO.TextWriter.WriteLine System.IO.TextWriter.NewLine
            System.Text.Json.JsonSerializerOptions.WriteIndented System.Text.Json.JsonWriterOptions.Indented System.Environment.NewLine
            System.Text.Json.JsonSerializerOptions.NewLine System.Text.Json.JsonWriterOptions.NewLine System.Text.Json.Nodes.JsonNode.ToString
            """),
        (Advice.Process, """
            System.GC System.GCMemoryInfo System.WeakReference System.Text.RegularExpressions.Regex.CacheSize System.Text.RegularExpressions.Regex.MatchTimeout
            System.Text.RegularExpressions.RegexMatchTimeoutException System.Text.Encoding.RegisterProvider System.UriParser
            System.TimeZoneInfo.TransitionTime System.OutOfMemoryException System.InsufficientMemoryException
            System.TypeInitializationException System.Text.Json.JsonSerializerOptions.IsReadOnly System.Text.Json.JsonSerializerOptions.MakeReadOnly
            System.StackOverflowException System.InsufficientExecutionStackException
            """),
    ];
}
