using System.Text;

namespace Sagitta.Tests.Core.Files;

public sealed class SafeTensorsTests
{
    [Theory]
    [InlineData("[0]", "[0,0]", true)]
    [InlineData("[2]", "[0,8]", true)]
    [InlineData("[2,0]", "[0,8]", false)]
    [InlineData("[-2]", "[0,8]", false)]
    [InlineData("[2]", "[0,9]", false)]
    [InlineData("[1]", "[4,8]", false)]
    public void A_tensor_has_the_bytes_of_its_shape(string shape, string offsets, bool sound)
    {
        byte[] head = System.Text.Encoding.UTF8.GetBytes($"{{\"a\":{{\"dtype\":\"F32\",\"shape\":{shape},\"data_offsets\":{offsets}}}}}");
        byte[] file = [.. BitConverter.GetBytes((ulong)head.Length), .. head, .. new byte[shape == "[0]" ? 0 : 8]];
        if (sound)
        {
            SafeTensorsReader reader = new(file, "t.safetensors");
            Assert.Equal(shape == "[0]" ? 0 : 8, reader.Data(reader.Find("a")).Length);
        }
        else
        {
            Assert.Throws<BadInputException>(() => new SafeTensorsReader(file, "t.safetensors"));
        }
    }

    [Fact]
    public void Bytes_are_those_of_the_format()
    {
        SafeTensorsWriter writer = new();
        writer.Metadata["k"] = "v";
        writer.Add<float>("a", [1], 1);
        byte[] bytes = Bytes(writer);
        const string Header = """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";
        int length = (Header.Length + 7) / 8 * 8;
        byte[] expected = [(byte)length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(Header.PadRight(length)), 0, 0, 0x80, 0x3f];
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"b":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"""
        + """ "a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", "tensor 'a' is given twice, as number 1 and number 3")]
    [InlineData("""{"__metadata__":{"k":"v","k":"w"}}""", "metadata entry 'k' is given twice, as number 1 and number 2")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F64","shape":[0],"data_offsets":[0,0]}}""", "field of tensor 'a': 'dtype' is given twice")]
    public void Name_given_twice_is_refused_with_both_places(string header, string message)
    {
        byte[] bytes = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.ASCII.GetBytes(header)];
        Assert.Contains(message, Assert.Throws<BadInputException>(() => new SafeTensorsReader(bytes, "x")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_and_metadata_come_back_bit_for_bit()
    {
        ParameterLayout layout = Layout(3);
        using ParameterVector<float> written = Drawn<float>(layout), read = new(layout);
        SafeTensorsWriter writer = new();
        writer.Metadata["config"] = "line 1\n\"line\" 2: \u03bc";
        writer.Add(written, "net/");
        SafeTensorsReader reader = new(Bytes(writer), "x");
        reader.CopyTo(read, "net/");
        Assert.Equal(written.Values.ToArray(), read.Values.ToArray());
        Assert.Equal("line 1\n\"line\" 2: \u03bc", reader.RequireMetadata("config"));
        Assert.Contains("config", Assert.Throws<BadInputException>(() => reader.RequireMetadata("other")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Single_precision_is_read_into_double_and_not_the_other_way()
    {
        ParameterLayout layout = Layout(3);
        using ParameterVector<float> single = Drawn<float>(layout);
        using ParameterVector<double> twice = new(layout);
        SafeTensorsWriter writer = new();
        writer.Add(single);
        new SafeTensorsReader(Bytes(writer), "x").CopyTo(twice);
        Assert.Equal([.. single.Values.ToArray().Select(v => (double)v)], twice.Values.ToArray());

        SafeTensorsWriter second = new();
        second.Add(twice);
        Assert.Contains("F64", Assert.Throws<BadInputException>(() => new SafeTensorsReader(Bytes(second), "x").CopyTo(single)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void File_of_another_network_is_told_by_tensor_and_changes_nothing()
    {
        using ParameterVector<float> three = Drawn<float>(Layout(3)), four = Drawn<float>(Layout(4));
        using ParameterVector<float> less = Drawn<float>(new ParameterLayout());
        float[] before = four.Values.ToArray();
        SafeTensorsWriter writer = new();
        writer.Add(three);
        SafeTensorsReader reader = new(Bytes(writer), "m.safetensors");
        BadInputException shape = Assert.Throws<BadInputException>(() => reader.CopyTo(four));
        Assert.Contains("'m.safetensors', tensor 'dense.weight'", shape.Where, StringComparison.Ordinal);
        Assert.Contains("[5, 3]", shape.Problem, StringComparison.Ordinal);
        Assert.Contains("[5, 4]", shape.Remedy, StringComparison.Ordinal);
        Assert.Contains("no such parameter", Assert.Throws<BadInputException>(() => reader.CopyTo(less)).Message, StringComparison.Ordinal);
        Assert.Contains("no tensor", Assert.Throws<BadInputException>(() => reader.CopyTo(four, "other/")).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, four.Values.ToArray());
    }

    [Fact]
    public void File_cut_off_anywhere_is_bad_input()
    {
        byte[] whole = Example();
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] part = whole[..length];
            Assert.Throws<BadInputException>(() => new SafeTensorsReader(part, "x"));
        }

        Assert.Throws<BadInputException>(() => new SafeTensorsReader([.. whole, 0], "x"));
    }

    [Fact]
    public void Altered_header_is_bad_input_or_read()
    {
        byte[] whole = Example();
        int noticed = 0;
        for (int at = 0; at < whole.Length; at++)
        {
            foreach (byte change in new byte[] { 0x01, 0x10, 0x80 })
            {
                byte[] altered = [.. whole];
                altered[at] ^= change;
                try
                {
                    SafeTensorsReader reader = new(altered, "x");
                    Assert.True(reader.Tensors.Count <= 3);
                }
                catch (BadInputException)
                {
                    noticed++;
                }
            }
        }

        Assert.InRange(noticed, 100, whole.Length * 3);
    }

    [Theory]
    [InlineData("F64", 8)]
    [InlineData("I64", 8)]
    [InlineData("U64", 8)]
    [InlineData("F32", 4)]
    [InlineData("I32", 4)]
    [InlineData("U32", 4)]
    [InlineData("F16", 2)]
    [InlineData("BF16", 2)]
    [InlineData("I16", 2)]
    [InlineData("U16", 2)]
    [InlineData("U8", 1)]
    [InlineData("I8", 1)]
    [InlineData("BOOL", 1)]
    public void Number_has_the_bytes_of_its_type(string type, int bytes)
    {
        string header = $"{{\"a\":{{\"dtype\":\"{type}\",\"shape\":[3,2],\"data_offsets\":[0,{6 * bytes}]}}}}";
        byte[] file = [(byte)header.Length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(header), .. new byte[6 * bytes]];
        Assert.Equal(6 * bytes, new SafeTensorsReader(file, "x").Data(new SafeTensorsReader(file, "x").Find("a")).Length);
        Assert.Equal(bytes, SafeTensor.SizeOf(type));
    }

    [Fact]
    public void What_was_written_comes_back_by_its_type()
    {
        SafeTensorsReader reader = new(Example(), "x");
        Assert.Equal([1.0, 2, 3], reader.Read<double>("a"));
        Assert.Equal([-1L], reader.Read<long>("b"));
        Assert.Equal([1, 2], reader.Read<byte>("c"));
        Assert.Equal(["a", "b", "c"], reader.Names);
        Assert.Equal("v", reader.Metadata["k"]);
        Assert.Equal("'x', tensor 'b': its numbers are I64; I32 is wanted",
            Assert.Throws<BadInputException>(() => reader.Read<int>("b")).Message);
        Assert.Equal("'x': there is no tensor 'd'; give a file made with the same settings",
            Assert.Throws<BadInputException>(() => reader.Read<float>("d")).Message);
        Assert.Equal("'x': the metadata hold no 'other'; they hold: k",
            Assert.Throws<BadInputException>(() => reader.RequireMetadata("other")).Message);
        Assert.Contains("give a file that this program wrote", Assert.Throws<BadInputException>(
            () => new SafeTensorsReader([2, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8], "x").RequireMetadata("k")).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => reader.Read<short>("b"));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,-4]}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4)]
    [InlineData("""{"__metadata__":{"a":1}}""", 0)]
    [InlineData("[]", 0)]
    [InlineData("null", 0)]
    public void Header_that_makes_no_sense_is_bad_input(string header, int dataLength)
    {
        byte[] bytes = [(byte)header.Length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(header), .. new byte[dataLength]];
        Assert.Throws<BadInputException>(() => new SafeTensorsReader(bytes, "x"));
    }

    [Fact]
    public void Missing_file_is_bad_input() =>
        Assert.Contains("does not exist", Assert.Throws<BadInputException>(() => new SafeTensorsReader("none.safetensors")).Message,
            StringComparison.Ordinal);

    private static byte[] Example()
    {
        SafeTensorsWriter writer = new();
        writer.Metadata["k"] = "v";
        writer.Add<double>("a", [1, 2, 3], 3);
        writer.Add<long>("b", [-1]);
        writer.Add<byte>("c", [1, 2], 1, 2);
        return Bytes(writer);
    }

    private static byte[] Bytes(SafeTensorsWriter writer)
    {
        using MemoryStream stream = new();
        writer.Write(stream);
        return stream.ToArray();
    }

    private static ParameterLayout Layout(int width)
    {
        ParameterLayout layout = new();
        layout.Add("dense.weight", 5, width, new Initialisation.Uniform(1));
        layout.Add("dense.bias", 1, width, new Initialisation.Uniform(1));
        return layout;
    }

    private static ParameterVector<T> Drawn<T>(ParameterLayout layout)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        ParameterVector<T> vector = new(layout);
        vector.Initialise(new RandomKey(1));
        return vector;
    }
}
