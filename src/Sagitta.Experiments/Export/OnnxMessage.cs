using Google.Protobuf;

namespace Sagitta.Experiments.Export;

/// <summary>One message of the protobuf wire format, field by field in the order of the calls. Numbers are varints, texts and messages have their length.</summary>
internal sealed class OnnxMessage
{
    private readonly MemoryStream _bytes = new();
    private readonly CodedOutputStream _output;

    public OnnxMessage() => _output = new(_bytes, leaveOpen: true);

    public OnnxMessage Number(int field, long value)
    {
        _output.WriteTag(field, WireFormat.WireType.Varint);
        _output.WriteInt64(value);
        return this;
    }

    public OnnxMessage Float(int field, float value)
    {
        _output.WriteTag(field, WireFormat.WireType.Fixed32);
        _output.WriteFloat(value);
        return this;
    }

    public OnnxMessage Text(int field, string value)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteString(value);
        return this;
    }

    public OnnxMessage Bytes(int field, ByteString value)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteBytes(value);
        return this;
    }

    public OnnxMessage Message(int field, OnnxMessage value) => Bytes(field, ByteString.CopyFrom(value.ToBytes()));

    public byte[] ToBytes()
    {
        _output.Flush();
        return _bytes.ToArray();
    }
}
