using System.Numerics;
using System.Runtime.InteropServices;

namespace Sagitta.Tests.Core.Files;

public sealed class NpyConversionTests
{
    [Fact]
    public void Numbers_of_every_type_are_converted()
    {
        Whole<byte>("|u1", 0, 7, 255);
        Whole<byte>("|b1", 0, 7, 1);
        Whole<sbyte>("|i1", -128, 7, 127);
        Whole<short>("<i2", short.MinValue, 7, short.MaxValue);
        Whole<ushort>("<u2", 0, 7, ushort.MaxValue);
        Whole<int>("<i4", int.MinValue, 7, int.MaxValue);
        Whole<uint>("<u4", 0, 7, uint.MaxValue);
        Whole<long>("<i8", long.MinValue, 7, long.MaxValue);
        Whole<ulong>("<u8", 0, 7, (ulong)long.MaxValue);
        Number<Half>("<f2", (Half)(-1.5), (Half)7, Half.MaxValue);
        Number("<f4", -1.5f, 7, float.MaxValue);
        Number("<f8", -1.5, 7, 0.1);
        float[] rounded = new float[1];
        NpyConversion.Convert<float>(NpyType.Plain("<f8", 8), BitConverter.GetBytes(0.1), 8, rounded, "a", 0);
        Assert.Equal(0.1f, rounded[0]);
    }

    [Theory]
    [InlineData("<f2", false)]
    [InlineData("<f4", false)]
    [InlineData("<f8", false)]
    [InlineData("<U2", false)]
    [InlineData("<U2", true)]
    [InlineData("<c8", true)]
    public void Type_that_does_not_convert_is_named(string code, bool toNumbers)
    {
        Action convert = toNumbers ? () => NpyConversion.Convert<double>(NpyType.Plain(code, 8), new byte[8], 8, new double[1], "a", 0)
            : () => NpyConversion.Convert<int>(NpyType.Plain(code, 8), new byte[8], 8, new int[1], "a", 0);
        Assert.Equal($"a: the elements are {code}; {(toNumbers ? "numbers" : "whole numbers")} are wanted",
            Assert.Throws<BadInputException>(convert).Message);
    }

    [Fact]
    public void Number_that_does_not_fit_is_named_by_its_place_in_the_array()
    {
        byte[] bytes = [.. BitConverter.GetBytes(-1L), .. BitConverter.GetBytes(256L)];
        sbyte[] target = new sbyte[2];
        Assert.Equal("a: element 8 is 256, which |i1 can't hold (stored as <i8); give numbers within its range",
            Assert.Throws<BadInputException>(
                () => NpyConversion.Convert<sbyte>(NpyType.Of<long>(), bytes, 8, target, "a", 7)).Message);
        Assert.Equal(-1, target[0]);
    }

    private static void Whole<T>(string code, params T[] values)
        where T : unmanaged, INumber<T>
    {
        Number(code, values);

        // Every second one, as of a structure with a field of the same size behind it.
        long[] read = new long[2];
        NpyConversion.Convert<long>(NpyType.Plain(code, 0), MemoryMarshal.AsBytes(values.AsSpan()),
            2 * Marshal.SizeOf<T>(), read, "a", 0);
        Assert.Equal([long.CreateChecked(values[0]), long.CreateChecked(values[2])], read);
    }

    private static void Number<T>(string code, params T[] values)
        where T : unmanaged, INumber<T>
    {
        double[] read = new double[values.Length];
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan());
        NpyConversion.Convert<double>(NpyType.Plain(code, 0), bytes, bytes.Length / values.Length, read, "a", 0);
        Assert.Equal(values.Select(double.CreateChecked), read);
    }
}
