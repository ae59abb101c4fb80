using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transport;

namespace EventCalls.Sip.Tests.Transport;

/// <summary>Answers with a CNAME, over a socket, as name servers send them.</summary>
public sealed class DnsAliasTests : IAsyncLifetime
{
    private const byte A = 1;
    private const byte Cname = 5;

    private readonly UdpClient _server = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, (string Owner, byte Kind, int Ttl, byte[] Data)[]> _records = [];
    private Task _serving = Task.CompletedTask;

    public Task InitializeAsync()
    {
        _serving = ServeAsync();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _server.Dispose();
        _stop.Dispose();
    }

    [Fact]
    [Trait("RFC", "1034 §3.6.2")]
    public async Task An_alias_without_the_records_of_its_name_is_followed_to_its_last_name_and_kept_for_the_shortest_of_their_times()
    {
        _records["a.test"] = [("b.test", Cname, 30, Name("C.test")), ("a.test", Cname, 60, Name("b.test"))];
        var answer = await AskAsync("a.test");
        Assert.Equal((DnsStatus.Found, "C.test", 30, 0), (answer.Status, answer.Alias, answer.Ttl, answer.Addresses.Count));
    }

    [Fact]
    [Trait("RFC", "1034 §3.6.2")]
    public async Task An_alias_with_the_records_of_its_name_is_one_answer()
    {
        _records["a.test"] = [("a.test", Cname, 60, Name("b.test")), ("b.test", A, 20, [192, 0, 2, 1])];
        var answer = await AskAsync("a.test");
        Assert.Equal((null, 20, "192.0.2.1"), (answer.Alias, answer.Ttl, Assert.Single(answer.Addresses).ToString()));
    }

    [Theory]
    [InlineData("a.test")]
    [InlineData("")]
    public async Task An_alias_of_itself_or_of_the_root_is_none(string name)
    {
        _records["a.test"] = [("a.test", Cname, 60, Name(name))];
        Assert.Equal(DnsStatus.None, (await AskAsync("a.test")).Status);
    }

    [Fact]
    public async Task The_server_of_an_alias_is_found()
    {
        _records["a.test"] = [("a.test", Cname, 60, Name("b.test"))];
        _records["b.test"] = [("b.test", A, 60, [192, 0, 2, 1])];
        var search = new ServerSearch(new ServerQuery("a.test", 5060, null, false), new LocalTransports([(EventCalls.Sip.Transactions.TransportProtocol.Udp, false)]));
        while (search.Questions.Count > 0)
        {
            var question = search.Questions[0];
            search.Take(question, await new DnsLookUp([(IPEndPoint)_server.Client.LocalEndPoint!], null!).AskAsync(question));
        }
        Assert.Equal("udp:192.0.2.1:5060", Assert.Single(search.Result!.All).ToString());
    }

    private Task<DnsAnswer> AskAsync(string name) => new DnsLookUp([(IPEndPoint)_server.Client.LocalEndPoint!], null!).AskAsync(DnsQuestion.Of(name, DnsKind.A)).WaitAsync(TimeSpan.FromSeconds(60));

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                var asked = await _server.ReceiveAsync(_stop.Token);
                await _server.SendAsync(AnswerTo(asked.Buffer), asked.RemoteEndPoint, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private byte[] AnswerTo(byte[] question)
    {
        int end = 12;
        var labels = new List<string>();
        for (; question[end] != 0; end += question[end] + 1)
            labels.Add(Encoding.ASCII.GetString(question, end + 1, question[end]));
        var records = _records.GetValueOrDefault(string.Join('.', labels)) ?? [];
        var answer = new List<byte>(question[..(end + 5)]);
        (answer[2], answer[3], answer[7], answer[9], answer[11]) = (0x81, 0x80, (byte)records.Length, 0, 0);
        foreach (var (owner, kind, ttl, data) in records)
            answer.AddRange([.. Name(owner), 0, kind, 0, 1, 0, 0, 0, (byte)ttl, 0, (byte)data.Length, .. data]);
        return [.. answer];
    }

    private static byte[] Name(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length)), 0];
}
