using System.Buffers.Binary;
using Tensorboard;

namespace Sagitta.Tests.Learning.Training;

/// <summary>Event files, parsed with the classes that protobuf makes of TensorFlow's own definitions.</summary>
public sealed class TensorBoardLogTests
{
    [Fact]
    public void Rows_are_scalars_that_the_official_definitions_parse()
    {
        using TemporaryFolder folder = new();
        using (MetricsLog log = MetricsLog.Create(folder.File("metrics.csv"), ["loss", "auc"]))
        {
            log.Append(1, 0.25, double.NaN);
            log.Append(300, 1.5, 0.875);
        }

        Event[] events = [.. Events(folder.File("metrics.tfevents"))];
        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.Equal([0, 1, 300], events.Select(e => e.Step));
        Assert.Equal([("loss", 0.25f)], events[1].Summary.Value.Select(v => (v.Tag, v.SimpleValue)));
        Assert.Equal([("loss", 1.5f), ("auc", 0.875f)], events[2].Summary.Value.Select(v => (v.Tag, v.SimpleValue)));
    }

    [Fact]
    public void File_of_a_resumed_run_is_that_of_a_whole_one()
    {
        using TemporaryFolder folder = new();
        using (MetricsLog log = MetricsLog.Create(folder.File("metrics.csv"), ["loss"]))
        {
            log.Append(1, 3);
            log.Append(2, 1.0 / 3);
        }

        byte[] whole = File.ReadAllBytes(folder.File("metrics.tfevents"));
        using (MetricsLog log = MetricsLog.Resume(folder.File("metrics.csv"), ["loss"], 1))
        {
            log.Append(2, 1.0 / 3);
        }

        Assert.Equal(whole, File.ReadAllBytes(folder.File("metrics.tfevents")));
    }

    [Fact]
    public void Checksums_are_masked_ones_of_Castagnoli()
    {
        using TemporaryFolder folder = new();
        MetricsLog.Create(folder.File("metrics.csv"), ["loss"]).Dispose();
        byte[] file = File.ReadAllBytes(folder.File("metrics.tfevents"));

        // The record of TensorFlow's own "brain.Event:2" at time 0: its length is 24, whose masked checksum is fixed.
        Assert.Equal(24, BinaryPrimitives.ReadInt64LittleEndian(file));
        Assert.Equal(Masked(file.AsSpan(0, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(8)));
        Assert.Equal(Masked(file.AsSpan(12, 24)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(36)));

        // RFC 3720, B.4: 32 bytes of zeros.
        Assert.Equal(0x8a9136aa, Castagnoli(new byte[32]));
    }

    private static IEnumerable<Event> Events(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        for (int at = 0; at < bytes.Length;)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(Masked(bytes.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            Assert.Equal(Masked(bytes.AsSpan(at + 12, length)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            yield return Event.Parser.ParseFrom(bytes, at + 12, length);
            at += length + 16;
        }
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint sum = Castagnoli(bytes);
        return ((sum >> 15) | (sum << 17)) + 0xa282ead8;
    }

    // Bit by bit, apart from the processor's instruction.
    private static uint Castagnoli(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte each in bytes)
        {
            sum ^= each;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) * 0x82f63b78);
            }
        }

        return ~sum;
    }
}
