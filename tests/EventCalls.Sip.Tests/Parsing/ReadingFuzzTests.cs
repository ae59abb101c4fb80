using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transport;
using EventCalls.Testing.Fuzzing;

namespace EventCalls.Sip.Tests.Parsing;

/// <summary>Mutated input meets everything that reads input. <c>EVENTCALLS_SEED</c> plays other cases; <c>tests/EventCalls.Benchmarks -- fuzz</c> plays as many as one likes.</summary>
public sealed class ReadingFuzzTests
{
    private const int Cases = 60_000;
    private const int Answers = 300;

    private static readonly int s_seed = int.TryParse(Environment.GetEnvironmentVariable("EVENTCALLS_SEED"), out int seed) ? seed : 1;

    [Fact]
    public void Mutated_messages_session_descriptions_credentials_fragments_and_streams_are_read_without_a_throw()
    {
        var fuzz = new ReadingFuzz(s_seed);
        for (int i = 0; i < Cases; i++)
            fuzz.Next();
        // Else nothing behind the parser was reached.
        Assert.InRange(fuzz.Understood, Cases / 20, Cases);
    }

    [Fact]
    [Trait("RFC", "1035 §4.1")]
    public async Task Mutated_answers_of_name_servers_are_answers_too()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var stop = new CancellationTokenSource();
        var serving = ServeAsync(server, new Mutator(s_seed), stop.Token);
        var dns = new DnsLookUp([(IPEndPoint)server.Client.LocalEndPoint!], null!);
        var kinds = Enum.GetValues<DnsKind>();
        var asked = Enumerable.Range(0, Answers).Select(i => dns.AskAsync(DnsQuestion.Of($"n{i}.example.com", kinds[i % kinds.Length]))).ToArray();
        var answers = await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await serving;
        Assert.Equal(Answers, answers.Length);
        Assert.True(answers.Select(a => a.Status).Distinct().Count() > 1, "All answers ended the same, so that nothing was read.");
    }

    private static async Task ServeAsync(UdpClient server, Mutator mutator, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var asked = await server.ReceiveAsync(stop);
                byte[] answer = AnswerTo(asked.Buffer);
                // Every other one keeps its number, so that it is taken for the answer.
                byte[] mutated = mutator.Mutate(answer);
                if (mutated.Length > 12 && mutator.Random.Next(4) > 0)
                    answer.AsSpan(0, 12).CopyTo(mutated);
                await server.SendAsync(mutated[..Math.Min(mutated.Length, 4_000)], asked.RemoteEndPoint, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Three records of the kind that was asked for, under the name that was.</summary>
    private static byte[] AnswerTo(byte[] question)
    {
        int end = 12;
        while (question[end] != 0)
            end += question[end] + 1;
        byte kind = question[end + 2];
        var answer = new List<byte>(question[..(end + 5)]);
        (answer[2], answer[3], answer[7], answer[9], answer[11]) = (0x81, 0x80, 3, 0, 0);
        byte[] target = [3, (byte)'s', (byte)'i', (byte)'p', 0xC0, 12];
        byte[] data = kind switch
        {
            1 => [192, 0, 2, 1],
            28 => [0x20, 1, 0xD, 0xB8, .. new byte[12]],
            33 => [0, 10, 0, 60, 0x13, 0xC4, .. target],
            _ => [0, 10, 0, 10, 1, (byte)'s', 7, .. Encoding.ASCII.GetBytes("SIP+D2U"), 0, .. target],
        };
        for (int i = 0; i < 3; i++)
            answer.AddRange([0xC0, 12, 0, kind, 0, 1, 0, 0, 0, 60, 0, (byte)data.Length, .. data]);
        return [.. answer];
    }
}
