from django.contrib import admin

from .models import Category, Product


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["name", "category", "price", "stock", "listed"]
    list_filter = ["category", "listed"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
