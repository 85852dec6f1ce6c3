using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Sagitta.Core.Files;

/// <summary>One message of the protobuf wire format (protobuf.dev/programming-guides/encoding), field by field in the order of the calls.
/// Numbers are varints, texts and messages have their length.</summary>
internal sealed class WireMessage
{
    private const int Varint = 0, Fixed64 = 1, Length = 2, Fixed32 = 5;
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>A whole number.</summary>
    public WireMessage Number(int field, long value) => Tag(field, Varint).Write((ulong)value);

    /// <summary>A number in single precision.</summary>
    public WireMessage Float(int field, float value)
    {
        Tag(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
        return this;
    }

    /// <summary>A number in double precision.</summary>
    public WireMessage Double(int field, double value)
    {
        Tag(field, Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), value);
        _bytes.Advance(sizeof(double));
        return this;
    }

    /// <summary>A text.</summary>
    public WireMessage Text(int field, string value) => Raw(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A message within this one, as it is now.</summary>
    public WireMessage Message(int field, WireMessage value) => Raw(field, value.Bytes);

    /// <summary>Bytes as they are.</summary>
    public WireMessage Raw(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, Length).Write((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    private WireMessage Tag(int field, int type) => Write((ulong)((field << 3) | type));

    private WireMessage Write(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Write([(byte)(value | 0x80)]);
        }

        _bytes.Write([(byte)value]);
        return this;
    }
}
