namespace Acme.Routing;

internal static class Digits
{
    internal const string Sales = "1", Service = "2";
}
